package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A prefix belongs to one subscription, and never to the bookkeeping. */
class KeyPrefixTest {
  private static RedisUnderTest redis;

  @BeforeAll
  static void start(@TempDir Path directory) throws StoreProblem {
    redis = new RedisUnderTest(directory);
    redis.driver().prepare(redis.site());
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void prefixesOfWhichOneBeginsTheOtherAreRefused() throws Exception {
    provision(plan("first", "over:lap:"));
    List<String> before = redis.inventory();
    for (String prefix : List.of("over:lap:", "over:", "over:lap:more:")) {
      StoreProblem problem = refused(plan("second", prefix));
      assertThat(problem.getMessage()).contains("sales/first");
      assertThat(redis.inventory()).isEqualTo(before);
    }
    provision(plan("third", "over:lapse:"));
  }

  @Test
  void anotherTenantIsNotToldWhoseThePrefixIs() throws Exception {
    provision(plan("secret-plan", "secret:"));
    PipelinePlan other =
        redis.plan("curious").tenant("others").in(target("Hash", "secret:x:")).build();
    assertThat(refused(other).getMessage()).doesNotContain("secret-plan");
  }

  @Test
  void keysOfAStrangerAreNeitherTakenOverNorDeleted() throws Exception {
    PipelinePlan plan = plan("late", "stranger:");
    try (Connection admin = redis.admin()) {
      admin.ask("SET", "stranger:1", "precious");
      List<String> before = redis.inventory();
      refused(plan);
      assertThat(redis.inventory()).isEqualTo(before);
      redis.driver().withdraw(redis.site(), plan, false);
      assertThat(redis.inventory()).isEqualTo(before);
    }
  }

  @Test
  void aCrashBeforeStrangersWereLookedForDeletesNoneWhenWithdrawn() throws Exception {
    PipelinePlan plan = plan("crashed", "crash:");
    try (Connection admin = redis.admin();
        Prefixes prefixes = Prefixes.open(redis.site(), redis.site().admin().orElseThrow())) {
      admin.ask("SET", "crash:1", "precious");
      List<String> before = redis.inventory();
      prefixes.claim("crash:", Claim.by(plan, null));
      refused(plan);
      prefixes.claim("crash:", Claim.by(plan, null));
      redis.driver().withdraw(redis.site(), plan, false);
      assertThat(redis.inventory()).isEqualTo(before);
    }
  }

  @Test
  void aPatternInAPrefixMatchesItselfOnly() throws Exception {
    try (Connection admin = redis.admin()) {
      admin.ask("SET", "gxb:1", "precious");
      admin.ask("SET", "g?b:1", "x");
      admin.ask("SET", "g[x]b:1", "x");
      admin.ask("SET", "g\\b:1", "x");
      for (String literal : List.of("g?b:", "g[x]b:", "g\\b:")) {
        new KeySpace(admin, literal).unlinkAll();
        assertThat(RedisUnderTest.keys(admin, literal)).isEmpty();
      }
      assertThat(admin.ask("GET", "gxb:1").text()).isEqualTo("precious");
      admin.ask("UNLINK", "gxb:1");
    }
  }

  @Test
  void aPlanWhoseKeysCouldBeBookkeepingIsRefusedByEveryDoor() {
    for (String prefix : List.of("millrace:", "millrace:x:", "mill", "millrace", "m")) {
      PipelinePlan plan = plan("evil", prefix);
      assertThat(redis.driver().check(plan)).extracting(Finding::code).contains("NameReserved");
      assertThatExceptionOfType(StoreProblem.class)
          .isThrownBy(() -> redis.driver().sink(redis.site(), plan, "w"));
      assertThatExceptionOfType(StoreProblem.class).isThrownBy(() -> provision(plan));
    }
  }

  @Test
  void checkFindsWhatRedisCannotKeep() {
    assertThat(codes(redis.plan("p").append().build())).contains("AppendNeedsTable");
    assertThat(codes(withKeys("List", "p:{id}", "p:"))).contains("UnknownValue");
    assertThat(codes(withKeys("Hash", "p:{id", "p:"))).contains("InvalidTemplate");
    assertThat(codes(withKeys("Hash", "p:{name}", "p:"))).contains("KeyNotInjective");
    assertThat(codes(withKeys("Hash", "p:{id}{name}", "p:"))).contains("KeyNotInjective");
    assertThat(codes(withKeys("Hash", "p:fixed", "p:"))).contains("KeyNotInjective");
    assertThat(codes(withKeys("Hash", "{id}", ""))).contains("PrefixMissing");
    assertThat(codes(withKeys("Hash", "p:{id}", "q:"))).contains("PrefixMissing");
    assertThat(codes(withKeys("Hash", "p*:{id}", "p*:"))).contains("InvalidTemplate");
  }

  @Test
  void describingShowsTheCommandsOfTheirStructure() {
    assertThat(redis.driver().describe(plan("shown", "shown:")))
        .contains("UNLINK shown:{id}", "HSET shown:{id} id <text>", "~shown:*");
    assertThat(
            redis
                .driver()
                .describe(redis.plan("doc").in(redis.target("Json", "d:{id}", "d:", 60L)).build()))
        .contains("SET d:{id} {\"id\":<text>", "PEXPIREAT d:{id}");
  }

  @Test
  void deletingAManyKeyedSubscriptionLeavesItsNeighboursAlone() throws Exception {
    List<String> before;
    provision(plan("neighbour", "many-1:"));
    fill(plan("neighbour", "many-1:"), 10);
    before = redis.inventory();
    provision(plan("many", "many:"));
    fill(plan("many", "many:"), 12_000);
    redis.driver().withdraw(redis.site(), plan("many", "many:"), false);
    assertThat(redis.inventory()).isEqualTo(before);
  }

  private static void fill(PipelinePlan plan, int rows) throws Exception {
    try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
      sink.take(Set.of(0));
      Feed feed = new Feed(0);
      for (int i = 0; i < rows; i++) {
        feed.put("k" + i, "x", null);
      }
      sink.write(feed.batch());
    }
  }

  private static List<String> codes(PipelinePlan plan) {
    return redis.driver().check(plan).stream().map(Finding::code).toList();
  }

  private static PipelinePlan withKeys(String structure, String template, String prefix) {
    return redis.plan("p").in(redis.target(structure, template, prefix, null)).build();
  }

  private static PipelinePlan plan(String name, String prefix) {
    return redis.plan(name).in(target("Hash", prefix)).build();
  }

  private static PipelinePlan.Target target(String structure, String prefix) {
    return redis.target(structure, prefix + "{id}", prefix, null);
  }

  private static StoreProblem refused(PipelinePlan plan) {
    StoreProblem[] caught = new StoreProblem[1];
    assertThatExceptionOfType(StoreProblem.class)
        .isThrownBy(() -> provision(plan))
        .satisfies(problem -> caught[0] = problem)
        .satisfies(problem -> assertThat(problem.code()).isEqualTo("KeyPrefixTaken"));
    return caught[0];
  }

  private static void provision(PipelinePlan plan) throws StoreProblem {
    redis.driver().provision(redis.site(), plan, new Reader.Made(redis.reader(plan)));
  }
}
