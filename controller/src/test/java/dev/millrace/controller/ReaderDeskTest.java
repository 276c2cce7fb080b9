package dev.millrace.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Reader;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.FileVault;
import dev.millrace.stores.credentials.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which login a reader has after which request, whatever crashes in between. */
class ReaderDeskTest {
  private static final PipelinePlan PLAN = Plans.of(new ObjectKey("team", "orders"), 1);
  private static final String REFERENCE = "reader/team/orders";

  @TempDir private Path folder;

  private Vault vault;

  /** What the store took. */
  private final List<Credentials> taken = new ArrayList<>();

  @BeforeEach
  void open() {
    vault = FileVault.open(folder);
  }

  private Credentials kept() {
    return vault.credentials(REFERENCE).orElseThrow();
  }

  private static Credentials madeBy(ReaderDesk desk) {
    return ((Reader.Made) desk.reader(PLAN)).login();
  }

  @Test
  void withOneLoginThePasswordIsAnother() throws Exception {
    ReaderDesk desk = new ReaderDesk(vault);
    Credentials first = madeBy(desk);

    assertThat(desk.rotate(PLAN, "once", taken::add)).isTrue();

    assertThat(kept().username()).isEqualTo(first.username());
    assertThat(kept().password()).isNotEqualTo(first.password());
    assertThat(taken).containsExactly(kept());
  }

  @Test
  void twoLoginsTakeTurns() throws Exception {
    ReaderDesk desk = ReaderDesk.takingTurns(vault);
    Credentials first = madeBy(desk);

    desk.rotate(PLAN, "once", taken::add);
    desk.rotate(PLAN, "twice", taken::add);
    desk.rotate(PLAN, taken::add);

    String second = first.username() + Reader.SECOND;
    assertThat(taken)
        .extracting(Credentials::username)
        .containsExactly(second, first.username(), second);
    assertThat(taken).extracting(Credentials::password).doesNotHaveDuplicates();
    assertThat(second).hasSizeLessThanOrEqualTo(63);
  }

  /** Another turn would be of the login that people still have. */
  @Test
  void aRequestThatIsMadeOnceMoreComesToTheSameLogin() throws Exception {
    ReaderDesk desk = ReaderDesk.takingTurns(vault);
    madeBy(desk);
    assertThatThrownBy(() ->
            desk.rotate(
                PLAN,
                "once",
                renewed -> {
                  taken.add(renewed);
                  throw new StoreProblem("StoreUnavailable", "it took it, or not", "Wait.", true);
                }))
        .isInstanceOf(StoreProblem.class);
    // Here it was kept, and whoever did so did not come to say it.
    ReaderDesk.takingTurns(FileVault.open(folder)).rotate(PLAN, "once", taken::add);
    ReaderDesk.takingTurns(FileVault.open(folder)).rotate(PLAN, "once", taken::add);

    assertThat(taken).hasSize(3).containsOnly(taken.get(0));
    assertThat(FileVault.open(folder).credentials(REFERENCE)).contains(taken.get(0));

    ReaderDesk.takingTurns(FileVault.open(folder)).rotate(PLAN, "again", taken::add);
    assertThat(taken.get(3).username()).isNotEqualTo(taken.get(0).username());
  }

  @Test
  void nothingOfItIsLeft() throws Exception {
    ReaderDesk desk = ReaderDesk.takingTurns(vault);
    madeBy(desk);
    desk.rotate(PLAN, "once", taken::add);

    desk.forget(PLAN.subscription());

    assertThat(vault.credentials(REFERENCE)).isEmpty();
    assertThat(vault.credentials("turn/team/orders")).isEmpty();
  }
}
