package dev.millrace.catalog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.Api;
import dev.millrace.catalog.CatalogTest;
import dev.millrace.catalog.Samples;
import dev.millrace.catalog.Worker;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.progress.Positions;
import dev.millrace.needs.reconcile.Board;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The views of a second start are made from what the first wrote. */
@CatalogTest
class RestartTest {
  @Inject Journal journal;
  @Inject Subscriptions subscriptions;
  @Inject Positions positions;
  @Inject Board board;
  @Inject DataSource database;

  @Test
  void theJournalTellsTheSameAgain() {
    String changed = Samples.subscribed(Samples.orders());
    Api.ADA.put(
        changed,
        Api.ADA.get(changed).text().replace("\"filter\"", "\"state\":\"Paused\",\"filter\""));
    String gone = Samples.subscribed(Samples.orders());
    Api.ADA.delete(gone);
    board.forgotten(key(gone));
    String leaving = Samples.subscribed(Samples.orders());
    Api.ADA.delete(leaving);

    Subscriptions anew = new Subscriptions(journal);

    assertThat(anew.all()).isEqualTo(subscriptions.all());
    assertThat(anew.get(key(changed)).generation()).isEqualTo(2);
    assertThat(anew.get(key(leaving)).isDeleting()).isTrue();
    assertThat(anew.find(key(gone))).isEmpty();
  }

  @Test
  void plansAreThereAgain() {
    String path = Samples.subscribed(Samples.orders());
    Subscription subscription = subscriptions.get(key(path));
    board.boundPlan(key(path), Worker.plan(key(path), subscription.uid()));

    Statuses anew = new Statuses(journal, positions);

    assertThat(anew.plan(subscription)).isPresent();
  }

  @Test
  void aDecisionOfAnotherProcessIsSeenAndNotOverwritten() {
    String path = Samples.subscribed(Samples.orders());
    Subscriptions other = new Subscriptions(journal);
    other.forgotten(key(path), "another process");

    Api.Reply conflict = Api.ADA.delete(path);
    Api.Reply after = Api.ADA.get(path);

    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.code()).isEqualTo("ChangedMeanwhile");
    assertThat(after.status()).isEqualTo(404);
  }

  @Test
  void theJournalOnlyGrows() throws SQLException {
    Samples.subscribed(Samples.orders());
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql :
          java.util.List.of(
              "delete from millrace_catalog.journal",
              "update millrace_catalog.journal set actor = 'x'",
              "truncate millrace_catalog.journal")) {
        Assertions.assertThatThrownBy(() -> statement.execute(sql))
            .hasMessageContaining("the journal only grows");
      }
    }
  }

  private static ObjectKey key(String path) {
    return new ObjectKey("risk", path.substring(path.lastIndexOf('/') + 1));
  }
}
