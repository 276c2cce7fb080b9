package dev.millrace.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ask.Verification;
import dev.millrace.api.plan.PipelinePlan;
import org.junit.jupiter.api.Test;

class RedisVerifyTest extends VerifyContract {
  RedisVerifyTest() {
    super(new RedisServer());
  }

  @Test
  void aRowWhoseTimeIsOverIsNotMissed() throws Exception {
    PipelinePlan.Target target = server.target(test.subscription().name());
    test.target(
        new PipelinePlan.Target(
            target.engine(),
            target.store(),
            target.host(),
            target.port(),
            target.database(),
            target.tls(),
            target.writer(),
            null,
            new PipelinePlan.Keys(
                "Hash", target.keys().template(), target.keys().prefix(), 3_600L)));
    EventLog log = log();
    long now = System.currentTimeMillis();
    for (long id = 0; id < 100; id++) {
      log.putAt(id, "old", 1, now - 7_200_000);
      if (id % 2 == 0) {
        log.putAt(id, "new", 1, now);
      }
    }
    log.flush();
    PipelinePlan plan = loaded(test.plan(), log.published());
    Verification equal = verify(plan);
    assertThat(equal.outcome()).as(equal.toString()).isEqualTo("Equal");
    assertThat(equal.equal()).isEqualTo(50);

    server.delete(plan, 8);
    server.put(plan, 9, "old", 1);

    Verification found = verify(plan);
    assertThat(found.missing().count()).isEqualTo(1);
    assertThat(found.additional().count()).isEqualTo(1);
  }
}
