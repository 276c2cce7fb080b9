package dev.millrace.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.credentials.Credentials;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine's {@link StoreDriver} promises, tried on its real server. */
public abstract class StoreDriverContract {
  private static final AtomicInteger NAMES = new AtomicInteger();

  protected abstract StoreUnderTest store();

  @BeforeEach
  void prepare() throws StoreProblem {
    driver().prepare(store().site());
  }

  @Test
  void anOrdinaryPlanHasNoFindings() {
    assertThat(driver().check(plan().build())).isEmpty();
  }

  @Test
  void describingNamesTheTargetAndNoSecret() {
    PipelinePlan plan = plan().build();
    assertThat(driver().describe(plan))
        .contains(plan.subscription().name())
        .doesNotContain(store().reader(plan).password())
        .doesNotContain(store().site().writer().password());
  }

  @Test
  void aStoreThatIsReadyPassesTheProbe() {
    assertThatCode(() -> driver().probe(store().site())).doesNotThrowAnyException();
  }

  @Test
  void nobodyListeningIsSaidToBeUnavailableForNow() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    StoreSite nowhere = at(store().site(), free, store().site().admin(), store().site().writer());
    StoreProblem problem =
        SinkContract.assertProblem("StoreUnavailable", () -> driver().probe(nowhere));
    assertThat(problem.passing()).isTrue();
    assertThat(problem.getMessage()).contains("127.0.0.1").contains(Integer.toString(free));
  }

  @Test
  void aWrongPasswordIsSaidToBeRejectedAndNotRepeated() {
    Credentials wrong = new Credentials(store().site().writer().username(), "wrong-secret");
    StoreSite site = at(store().site(), store().site().port(), Optional.empty(), wrong);
    StoreProblem problem =
        SinkContract.assertProblem("CredentialsRejected", () -> driver().probe(site));
    assertThat(problem.passing()).isFalse();
    assertThat(problem.getMessage() + problem.remedy())
        .contains(wrong.username())
        .doesNotContain("wrong-secret");
    SinkContract.assertProblem(
        "CredentialsRejected", () -> driver().sink(site, plan().build(), "w").close());
  }

  @Test
  void preparingTwiceChangesNothing() throws Exception {
    List<String> before = store().inventory();
    driver().prepare(store().site());
    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void preparingAgainUnderAnotherPasswordLetsTheWriterInByIt() throws Exception {
    StoreSite site = store().anotherSite();
    driver().prepare(site);
    StoreSite again =
        new StoreSite(
            site.store(),
            site.engine(),
            site.host(),
            site.port(),
            site.database(),
            site.tls(),
            site.admin(),
            new Credentials(site.writer().username(), "another-secret"));

    driver().prepare(again);

    driver().sink(again, plan().build(), "w").close();
    SinkContract.assertProblem(
        "CredentialsRejected", () -> driver().sink(site, plan().build(), "w").close());
    driver().remove(again);
  }

  @Test
  void removingLeavesTheServerAsItWasBeforePreparing() throws Exception {
    List<String> before = store().inventory();
    StoreSite site = store().anotherSite();
    driver().prepare(site);
    assertThat(store().inventory()).isNotEqualTo(before);
    driver().remove(site);
    assertThat(store().inventory()).isEqualTo(before);
    driver().remove(site);
    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void cursorsBeginAtThePlansStart() throws Exception {
    PipelinePlan plan = provisioned(plan().partitions(3).startingAt(40));
    List<Cursor> cursors = driver().cursors(store().site(), plan);
    assertThat(cursors).extracting(Cursor::partition).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(cursors)
        .allSatisfy(cursor -> {
          assertThat(cursor.nextOffset()).isEqualTo(40);
          assertThat(cursor.leaderEpoch()).isEmpty();
          assertThat(cursor.topicId()).isEqualTo("topic-1");
          assertThat(cursor.clusterId()).isEqualTo("cluster-1");
          assertThat(cursor.definition()).isEqualTo(1);
          assertThat(cursor.owner()).isEmpty();
          assertThat(cursor.counts().read()).isZero();
        });
  }

  @Test
  void provisioningAgainChangesNothing() throws Exception {
    PlanBuilder builder = plan();
    PipelinePlan plan = provisioned(builder);
    fill(plan, 3);
    List<String> before = store().inventory();
    provisioned(builder.startingAt(500));
    assertThat(store().inventory()).isEqualTo(before);
    assertThat(driver().cursors(store().site(), plan))
        .anySatisfy(cursor -> assertThat(cursor.nextOffset()).isEqualTo(4));
  }

  @Test
  void aTargetThatAnotherSubscriptionHasIsRefusedAndNothingIsMade() throws Exception {
    PipelinePlan first = provisioned(plan());
    fill(first, 2);
    List<String> before = store().inventory();
    PipelinePlan second = plan().in(first.target()).build();
    assertThatThrownBy(() -> provision(second))
        .isInstanceOfSatisfying(
            StoreProblem.class,
            problem -> {
              assertThat(problem.code()).isIn("TableTaken", "KeyPrefixTaken");
              assertThat(problem.remedy()).isNotBlank();
              assertThat(problem.passing()).isFalse();
            });
    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void theReaderReadsItsRowsAndChangesNothing() throws Exception {
    PipelinePlan plan = provisioned(plan());
    PipelinePlan other = provisioned(plan());
    fill(plan, 2);
    fill(other, 2);
    Credentials reader = store().reader(plan);
    assertThat(store().rowsAs(reader, plan)).hasSize(2);
    assertThatThrownBy(() -> store().writeAs(reader, plan)).isInstanceOf(Exception.class);
    assertThatThrownBy(() -> store().rowsAs(reader, other)).isInstanceOf(Exception.class);
    assertThatCode(() -> store().writeAs(store().site().writer(), plan)).doesNotThrowAnyException();
  }

  @Test
  void aRotatedPasswordReplacesTheOldOne() throws Exception {
    PipelinePlan plan = provisioned(plan());
    fill(plan, 2);
    Credentials old = store().reader(plan);
    Credentials renewed = new Credentials(old.username(), "another-secret'\\\"$$");
    driver().rotate(store().site(), plan, renewed);
    assertThat(store().rowsAs(renewed, plan)).hasSize(2);
    assertThatThrownBy(() -> store().rowsAs(old, plan)).isInstanceOf(Exception.class);
  }

  @Test
  void twoLoginsOfAReaderTakeTurns() throws Exception {
    provisioned(plan());
    List<String> before = store().inventory();
    PipelinePlan plan = provisioned(plan());
    fill(plan, 2);
    Credentials first = store().reader(plan);
    Credentials second = new Credentials(Reader.other(first.username()), "the-second");
    Credentials third = new Credentials(first.username(), "the-third");
    Credentials fourth = new Credentials(second.username(), "the-fourth");

    driver().rotate(store().site(), plan, second);
    assertThat(store().rowsAs(first, plan)).hasSize(2);
    assertThat(store().rowsAs(second, plan)).hasSize(2);
    assertThatThrownBy(() -> store().writeAs(second, plan)).isInstanceOf(Exception.class);

    driver().rotate(store().site(), plan, third);
    assertThatThrownBy(() -> store().rowsAs(first, plan)).isInstanceOf(Exception.class);
    assertThat(store().rowsAs(second, plan)).hasSize(2);
    assertThat(store().rowsAs(third, plan)).hasSize(2);

    driver().rotate(store().site(), plan, fourth);
    driver().rotate(store().site(), plan, fourth);
    assertThatThrownBy(() -> store().rowsAs(second, plan)).isInstanceOf(Exception.class);
    assertThat(store().rowsAs(third, plan)).hasSize(2);
    assertThat(store().rowsAs(fourth, plan)).hasSize(2);

    driver().withdraw(store().site(), plan, false);
    assertThat(store().inventory()).isEqualTo(before);
    assertThatThrownBy(() -> store().rowsAs(fourth, plan)).isInstanceOf(Exception.class);
  }

  @Test
  void withdrawingLeavesNothingOfTheSubscription() throws Exception {
    provisioned(plan());
    List<String> before = store().inventory();
    PipelinePlan plan = provisioned(plan());
    fill(plan, 3);
    assertThat(store().inventory()).isNotEqualTo(before);
    driver().withdraw(store().site(), plan, false);
    assertThat(store().inventory()).isEqualTo(before);
    driver().withdraw(store().site(), plan, false);
    assertThat(store().inventory()).isEqualTo(before);
    provisioned(plan());
  }

  @Test
  void withdrawingMayKeepTheRowsForTheirReader() throws Exception {
    PipelinePlan plan = provisioned(plan());
    fill(plan, 3);
    driver().withdraw(store().site(), plan, true);
    driver().withdraw(store().site(), plan, true);
    assertThat(store().rowsAs(store().reader(plan), plan)).hasSize(3);
    SinkContract.assertProblem("StoreLost", () -> driver().cursors(store().site(), plan));
    assertThat(deadLetters(plan)).isEmpty();
  }

  @Test
  void keptRowsOfADeletedSubscriptionAreNotTakenOver() throws Exception {
    PipelinePlan gone = provisioned(plan());
    fill(gone, 3);
    driver().withdraw(store().site(), gone, true);
    PipelinePlan next =
        store().plan(gone.subscription().name()).uid("another-uid").in(gone.target()).build();
    List<String> before = store().inventory();
    assertThatThrownBy(() -> provision(next))
        .isInstanceOfSatisfying(
            StoreProblem.class,
            problem -> {
              assertThat(problem.code()).isIn("TableTaken", "KeyPrefixTaken");
              assertThat(problem.remedy()).isNotBlank();
            });
    assertThat(store().inventory()).isEqualTo(before);
  }

  @Test
  void pagesGiveEveryRowOnce() throws Exception {
    PipelinePlan plan = provisioned(plan());
    fill(plan, 25);
    List<JsonNode> rows = new ArrayList<>();
    Optional<String> after = Optional.empty();
    int pages = 0;
    do {
      StoreDriver.Page page = driver().rows(store().site(), plan, 10, after);
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(10);
      rows.addAll(page.entries());
      after = page.next();
      pages++;
    } while (after.isPresent() && pages < 100);
    Set<String> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.get("id").asText()));
    assertThat(ids).hasSize(25);
    assertThat(rows).hasSize(25);
    JsonNode row =
        rows.stream().filter(r -> r.get("id").asText().equals("k7")).findFirst().orElseThrow();
    assertThat(row.get("name").asText()).isEqualTo("name 7");
    assertThat(new BigDecimal(row.get("total").asText())).isEqualByComparingTo("7.25");
  }

  @Test
  void pagesGiveEveryDeadLetterOnceNewestFirst() throws Exception {
    PipelinePlan plan = provisioned(plan());
    Feed feed = new Feed(0);
    for (int i = 0; i < 25; i++) {
      feed.dead("NotJson", "f" + i, "message", "excerpt");
    }
    try (Sink sink = driver().sink(store().site(), plan, "w")) {
      sink.take(Set.of(0, 1));
      sink.write(feed.batch());
    }
    List<Long> offsets = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      StoreDriver.Page page = driver().deadLetters(store().site(), plan, 10, after);
      page.entries().forEach(letter -> offsets.add(letter.get("offset").asLong()));
      after = page.next();
    } while (after.isPresent() && offsets.size() < 100);
    assertThat(offsets).hasSize(25).isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void anUnknownPageIsTheFirstOrTheEndButNoFault() throws Exception {
    PipelinePlan plan = provisioned(plan());
    fill(plan, 3);
    for (String nonsense : List.of("", "x", "-1", "9".repeat(40), "' OR 1=1 --", "(1,1)\r\nPING")) {
      assertThatCode(() -> driver().rows(store().site(), plan, 10, Optional.of(nonsense)))
          .doesNotThrowAnyException();
      assertThatCode(() -> driver().deadLetters(store().site(), plan, 10, Optional.of(nonsense)))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void namesWithQuotesAndLineBreaksAreNothingButNames() throws Exception {
    List<String> before = store().inventory();
    String nasty = "x'; DROP SCHEMA \"millrace\" CASCADE; --\r\nFLUSHALL\r\n\\{}*";
    PipelinePlan plan = provisioned(plan().uid(nasty).tenant(nasty).topicId(nasty));
    try (Sink sink = driver().sink(store().site(), plan, nasty)) {
      sink.take(Set.of(0, 1));
      sink.write(new Feed(0).put("a", "1", null).dead(nasty, nasty, nasty, nasty).batch());
    }
    assertThat(driver().rows(store().site(), plan, 10, Optional.empty()).entries()).hasSize(1);
    assertThat(deadLetters(plan)).hasSize(1);
    driver().withdraw(store().site(), plan, false);
    assertThat(store().inventory()).isEqualTo(before);
  }

  // What subclasses may build their own tests of.

  protected final StoreDriver driver() {
    return store().driver();
  }

  protected final String fresh() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT) + NAMES.incrementAndGet();
  }

  protected final PlanBuilder plan() {
    return store().plan(fresh());
  }

  protected final PipelinePlan provisioned(PlanBuilder builder) throws StoreProblem {
    return provision(builder.build());
  }

  protected final PipelinePlan provision(PipelinePlan plan) throws StoreProblem {
    driver().provision(store().site(), plan, new Reader.Made(store().reader(plan)));
    return plan;
  }

  /** Rows k0, k1, … and one dead letter, by a worker. */
  protected final void fill(PipelinePlan plan, int rows) throws Exception {
    Feed feed = new Feed(0);
    for (int i = 0; i < rows; i++) {
      feed.put("k" + i, "name " + i, new BigDecimal(i + ".25"));
    }
    feed.dead("NotJson", "", "no JSON", "");
    try (Sink sink = driver().sink(store().site(), plan, "worker-1")) {
      sink.take(plan.start().keySet());
      sink.write(feed.batch());
      sink.flush();
    }
    assertThat(store().rowsAs(store().site().writer(), plan))
        .extracting((Map<String, String> row) -> row.get("id"))
        .hasSize(rows);
  }

  protected final List<JsonNode> deadLetters(PipelinePlan plan) throws StoreProblem {
    return driver().deadLetters(store().site(), plan, 100, Optional.empty()).entries();
  }

  protected static StoreSite at(
      StoreSite site, int port, Optional<Credentials> admin, Credentials writer) {
    return new StoreSite(
        site.store(), site.engine(), site.host(), port, site.database(), site.tls(), admin, writer);
  }
}
