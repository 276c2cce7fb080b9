package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ask.Verification;
import dev.millrace.api.plan.PipelinePlan;
import org.junit.jupiter.api.Test;

class PostgresVerifyTest extends VerifyContract {
  PostgresVerifyTest() {
    super(new PostgresServer());
  }

  @Test
  void inAppendEveryEventIsARow() throws Exception {
    EventLog log = log();
    for (long id = 0; id < 1_000; id++) {
      log.put(id % 100, "v" + id, (int) id);
    }
    log.delete(5);
    log.broken(6);
    log.flush();
    PipelinePlan plan = loaded(test.append().plan(), log.published());
    Verification equal = verify(plan);
    assertThat(equal.outcome()).as(equal.toString()).isEqualTo("Equal");
    assertThat(equal.equal()).isEqualTo(1_001);
    String table = "public." + plan.target().table().name();

    ((PostgresServer) server)
        .run("UPDATE " + table + " SET total = total + 1 WHERE _partition = 1 AND _offset = 7");
    ((PostgresServer) server).run("DELETE FROM " + table + " WHERE _partition = 2 AND _offset = 9");
    ((PostgresServer) server)
        .run(
            "INSERT INTO "
                + table
                + " (id, _partition, _offset, _deleted) VALUES (1, 3, 5000, false)");

    Verification found = verify(plan);
    assertThat(found.changed().examples()).containsExactly("1,7");
    assertThat(found.missing().examples()).containsExactly("2,9");
    assertThat(found.additional().examples()).containsExactly("3,5000");
    assertThat(found.equal()).isEqualTo(999);
  }

  /** As after compaction: the broker's own takes too long for a test. */
  @Test
  void nothingIsProvenWhereTheCursorCountsMoreThanTheLogHas() throws Exception {
    EventLog log = log();
    for (long id = 0; id < 40; id++) {
      log.put(id, "a", 1);
    }
    log.flush();
    PipelinePlan plan = loaded(test.plan(), 40);
    server.put(plan, 41, "of an event that has gone", 1);
    ((PostgresServer) server)
        .run(
            "UPDATE millrace.cursor SET read = read + 1, applied = applied + 1"
                + " WHERE partition = 1 AND subscription = '"
                + plan.uid()
                + "'");

    Verification found = verify(plan);

    assertThat(found.outcome()).isEqualTo("Unprovable");
    assertThat(found.reasons())
        .singleElement()
        .satisfies(reason -> assertThat(reason.code()).isEqualTo("HistoryCompacted"))
        .satisfies(reason -> assertThat(reason.message()).contains("Partition 1", "11", "10"));
    assertThat(found.equal()).isEqualTo(40);
    assertThat(found.undecided().examples()).containsExactly("41");
  }

  @Test
  void aStoreAheadOfItsLogProvesNothing() throws Exception {
    EventLog log = log();
    log.put(1, "a", 1);
    log.flush();
    PipelinePlan plan = loaded(test.plan(), 1);
    ((PostgresServer) server)
        .run(
            "UPDATE millrace.cursor SET next_offset = 100 WHERE partition = 1 AND subscription = '"
                + plan.uid()
                + "'");

    assertUnprovable(plan, "HistoryTruncated");
  }
}
