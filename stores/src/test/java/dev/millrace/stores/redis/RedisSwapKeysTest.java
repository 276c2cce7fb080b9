package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Feed;
import dev.millrace.stores.PlanBuilder;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Rebuilds;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.network.CommandProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of each key, and what happens in the worst moment. */
class RedisSwapKeysTest extends Rebuilds {
  /** Stands in no request but the one that moves keys. */
  private static final String MOVING = "local function standing";

  private static final long TTL_SECONDS = 1_000_000_000;

  private static RedisUnderTest redis;

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = new RedisUnderTest(directory);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Override
  protected RedisUnderTest store() {
    return redis;
  }

  @Test
  void onlyWhatDiffersIsMoved() throws Exception {
    for (String structure : List.of("Hash", "Json")) {
      for (Long ttl : new Long[] {null, TTL_SECONDS}) {
        Rebuild rebuild = of(structure, ttl, structure, ttl);
        provision(rebuild.live());
        provisionShadow(rebuild.shadow());
        Object[][] rows = {{"same", "1"}, {"null", null}, {"", "empty key"}, {"ü\r\n*", "nasty"}};
        Feed live = new Feed(0);
        Feed shadow = new Feed(0);
        for (Object[] row : rows) {
          live.put(row);
          shadow.put(row);
        }
        write(
            rebuild.live(),
            live.put("value", "old")
                .put("nulled", "x")
                .put("gone", "x")
                .put("t", "x")
                .put("e", "x"));
        write(
            rebuild.shadow(),
            shadow.put("value", "new").put("nulled", null).pass(1).put("t", "x").put("e", "x"));
        write(rebuild.shadow(), new Feed(0, 9).put("new", "x"));
        String liveKeys = prefix(rebuild.live());
        String shadowKeys = prefix(rebuild.shadow());
        try (Connection admin = redis.admin()) {
          admin.ask("UNLINK", liveKeys + "t");
          admin.ask("RPUSH", liveKeys + "t", "another type");
          admin.ask("PEXPIREAT", liveKeys + "e", "9000000000001");
          admin.ask("PEXPIREAT", shadowKeys + "e", "9000000000000");
          KeyDifference difference =
              new KeyDifference(
                  admin,
                  structure.equals("Hash") ? "HGETALL" : "GET",
                  shadowKeys.getBytes(StandardCharsets.UTF_8),
                  liveKeys.getBytes(StandardCharsets.UTF_8));

          difference.find(100);

          assertThat(texts(difference.changed()))
              .containsExactlyInAnyOrder("value", "nulled", "new", "t", "e");
          assertThat(texts(difference.gone())).containsExactly("gone");
        }
      }
    }
  }

  private static List<String> texts(List<byte[]> keys) {
    return keys.stream().map(key -> new String(key, StandardCharsets.UTF_8)).toList();
  }

  @Test
  void aRowStillGoesWhenItsEventSaysSo() throws Exception {
    Rebuild rebuild = of("Hash", null, "Hash", TTL_SECONDS);
    provision(rebuild.live());
    provisionShadow(rebuild.shadow());
    write(rebuild.live(), put("a", "1").put("b", "1"));
    write(rebuild.shadow(), put("a", "1").put("b", "2"));

    swap(rebuild);

    try (Connection admin = redis.admin()) {
      for (String id : List.of("a", "b")) {
        long left = admin.ask("PTTL", prefix(rebuild.live()) + id).number();
        Instant goes = Instant.now().plusMillis(left);
        // An event of this Feed is of this time or a second later.
        assertThat(goes)
            .isBetween(
                Instant.parse("2026-11-24T09:59:00Z").plusSeconds(TTL_SECONDS),
                Instant.parse("2026-11-24T10:01:00Z").plusSeconds(TTL_SECONDS));
      }
    }
  }

  @Test
  void theStructureMayChange() throws Exception {
    Rebuild rebuild = of("Hash", null, "Json", null);
    provision(rebuild.live());
    provisionShadow(rebuild.shadow());
    write(rebuild.live(), put("a", "1").put("gone", "1"));
    write(rebuild.shadow(), put("a", "1").pass(1));
    driver().checkSwap(redis.site(), rebuild.live(), rebuild.next());

    swap(rebuild);

    assertThat(driver().rows(redis.site(), rebuild.next(), 10, Optional.empty()).entries())
        .extracting(Object::toString)
        .containsExactly(
            "{\"_key\":\"" + prefix(rebuild.live()) + "a\",\"id\":\"a\",\"name\":\"1\"}");
  }

  @Test
  void anotherPrefixIsNoRebuild() throws Exception {
    Rebuild rebuild = of("Hash", null, "Hash", null);
    provision(rebuild.live());
    PipelinePlan next = copy(rebuild.live(), NAMED, 2);
    PipelinePlan moved =
        NAMED.apply(redis.plan(next.subscription().name()).in(redis.target(fresh()))).build();

    assertProblem("RebuildBlocked", () -> driver().checkSwap(redis.site(), rebuild.live(), moved));
  }

  @Test
  void aRowThatGoesByItselfBeforeItIsMovedIsGoneAfterwards() throws Exception {
    Rebuild rebuild = loaded();
    try (HeldExec held = new HeldExec(redis.site().port(), MOVING);
        Connection admin = redis.admin()) {
      held.beforeExec(() -> admin.ask("UNLINK", prefix(rebuild.shadow()) + "a"));

      driver().swap(held.in(redis.site()), rebuild.live(), rebuild.shadow(), rebuild.next());
    }
    assertThat(names(rebuild.next())).isEqualTo(Map.of("c", "2"));
  }

  @Test
  void aCursorThatMovesBeforeKeysDoMovesNone() throws Exception {
    Rebuild rebuild = loaded();
    refusedWhen(
        "RebuildBehind",
        rebuild,
        admin -> admin.ask("HSET", new Cursors(rebuild.live()).key(0), "next_offset", "9"),
        admin -> admin.ask("HSET", new Cursors(rebuild.live()).key(0), "next_offset", "3"));
  }

  @Test
  void aCorrectionBeforeKeysMoveMovesNone() throws Exception {
    Rebuild rebuild = loaded();
    refusedWhen(
        "RebuildBehind",
        rebuild,
        admin -> admin.ask("HSET", new Cursors(rebuild.shadow()).key(0), "applied", "3"),
        admin -> admin.ask("HSET", new Cursors(rebuild.shadow()).key(0), "applied", "2"));
  }

  @Test
  void memoryThatRunsOutBeforeKeysMoveMovesNone() throws Exception {
    Rebuild rebuild = loaded();
    refusedWhen(
        "StoreFull",
        rebuild,
        admin -> admin.ask("CONFIG", "SET", "maxmemory", "1"),
        admin -> admin.ask("CONFIG", "SET", "maxmemory", "0"));
  }

  @Test
  void aStoreThatIsEmptiedBeforeKeysMoveIsLost() throws Exception {
    Rebuild rebuild = loaded();
    try (HeldExec held = new HeldExec(redis.site().port(), MOVING);
        Connection admin = redis.admin()) {
      held.beforeExec(() -> admin.ask("FLUSHALL"));

      assertProblem(
          "StoreLost",
          () ->
              driver()
                  .swap(held.in(redis.site()), rebuild.live(), rebuild.shadow(), rebuild.next()));

      assertThat(RedisUnderTest.keys(admin, "")).isEmpty();
    }
  }

  private interface Meanwhile {
    void happens(Connection admin) throws Exception;
  }

  private void refusedWhen(String code, Rebuild rebuild, Meanwhile meanwhile, Meanwhile back)
      throws Exception {
    List<String> before = redis.inventory();
    try (HeldExec held = new HeldExec(redis.site().port(), MOVING);
        Connection admin = redis.admin()) {
      held.beforeExec(() -> meanwhile.happens(admin));

      assertProblem(
          code,
          () ->
              driver()
                  .swap(held.in(redis.site()), rebuild.live(), rebuild.shadow(), rebuild.next()));

      back.happens(admin);
      assertThat(redis.inventory()).isEqualTo(before);
    }
    swap(rebuild);
    assertThat(names(rebuild.next())).isEqualTo(Map.of("a", "2", "c", "2"));
  }

  @Test
  void whatWouldStandStillTooLongIsRefused() throws Exception {
    RedisDriver small = new RedisDriver(2);
    Rebuild rebuild = loaded();
    List<String> before = redis.inventory();

    StoreProblem problem =
        assertProblem(
            "RebuildTooLarge",
            () -> small.swap(redis.site(), rebuild.live(), rebuild.shadow(), rebuild.next()));

    assertThat(problem.getMessage()).contains("more than 2 keys");
    assertThat(redis.inventory()).isEqualTo(before);
    new RedisDriver(3).swap(redis.site(), rebuild.live(), rebuild.shadow(), rebuild.next());
  }

  @Test
  void thatIsSaidBeforeWhereEveryKeyChanges() throws Exception {
    Rebuild rebuild = of("Hash", null, "Json", null);
    provision(rebuild.live());
    write(rebuild.live(), put("a", "1").put("b", "1").put("c", "1"));

    assertProblem(
        "RebuildTooLarge",
        () -> new RedisDriver(2).checkSwap(redis.site(), rebuild.live(), rebuild.next()));
    new RedisDriver(3).checkSwap(redis.site(), rebuild.live(), rebuild.next());
  }

  @Test
  void aSwapThatIsCutOffAnywhereHappensOnceOrNotAtAll() throws Exception {
    TreeSet<String> outcomes = new TreeSet<>();
    int commands = 0;
    try (CommandProxy proxy = new CommandProxy(redis.site().port())) {
      while (true) {
        Rebuild rebuild = loaded();
        Map<String, String> cursorsBefore = cursors(rebuild);
        proxy.cutAt(++commands);
        try {
          driver().swap(proxy.in(redis.site()), rebuild.live(), rebuild.shadow(), rebuild.next());
          assertThat(proxy.mend()).isFalse();
          break;
        } catch (StoreProblem problem) {
          assertThat(proxy.mend()).as(problem.getMessage()).isTrue();
          assertThat(problem.code()).isEqualTo("StoreUnavailable");
        }
        boolean old = cursors(rebuild).equals(cursorsBefore);
        outcomes.add(old ? "old" : "new");
        assertThat(names(rebuild.live()))
            .as("cut at %d", commands)
            .isEqualTo(old ? Map.of("a", "1", "b", "1") : Map.of("a", "2", "c", "2"));
        assertThat(deadLetters(rebuild.live()).get(0).get("field").asText())
            .isEqualTo(old ? "old" : "new");

        driver().swap(proxy.in(redis.site()), rebuild.live(), rebuild.shadow(), rebuild.next());

        assertThat(names(rebuild.next())).isEqualTo(Map.of("a", "2", "c", "2"));
        assertThat(deadLetters(rebuild.next())).hasSize(1);
        assertThat(redis.inventory())
            .noneMatch(line -> line.contains(prefix(rebuild.shadow())))
            .noneMatch(line -> line.contains(rebuild.shadow().uid()));
        driver().withdraw(redis.site(), rebuild.next(), false);
      }
    }
    assertThat(outcomes).containsExactly("new", "old");
    assertThat(commands).isGreaterThan(15);
  }

  /** Past the driver, who would wait for the disk. */
  private static Map<String, String> cursors(Rebuild rebuild) throws StoreProblem {
    try (Connection admin = redis.admin()) {
      return admin.ask("HGETALL", new Cursors(rebuild.live()).key(0)).fields();
    }
  }

  // A store that was brought.

  @Test
  void theDocumentedRulesAreEnoughForARebuild() throws Exception {
    StoreSite site = brought("rebuilt");
    try (Connection admin = redis.admin()) {
      setUser(admin, site.writer(), documentedRules("rebuilt:", true));
      Rebuild rebuild = planned(site, "rebuilt");
      driver().provision(site, rebuild.live(), new Reader.Brought("somebody"));
      driver().checkSwap(site, rebuild.live(), rebuild.next());
      driver().provision(site, rebuild.shadow(), new Reader.None());

      driver().swap(site, rebuild.live(), rebuild.shadow(), rebuild.next());

      assertThat(driver().cursors(site, rebuild.next()))
          .allSatisfy(cursor -> assertThat(cursor.definition()).isEqualTo(2));
      driver().withdraw(site, rebuild.next(), false);
    }
  }

  @Test
  void theRulesThatARebuildNeedsAreNamedBefore() throws Exception {
    StoreSite site = brought("unprepared");
    try (Connection admin = redis.admin()) {
      setUser(admin, site.writer(), documentedRules("unprepared:", false));
      Rebuild rebuild = planned(site, "unprepared");
      driver().provision(site, rebuild.live(), new Reader.Brought("somebody"));

      StoreProblem problem =
          assertProblem(
              "PermissionMissing", () -> driver().checkSwap(site, rebuild.live(), rebuild.next()));
      assertThat(problem.remedy()).contains("+rename").contains("+pttl");

      admin.ask("ACL", "SETUSER", site.writer().username(), "+rename", "+pttl");
      problem =
          assertProblem(
              "PermissionMissing", () -> driver().checkSwap(site, rebuild.live(), rebuild.next()));
      assertThat(problem.remedy()).contains("~rebuild~*");
    }
  }

  @Test
  void aPermissionThatGoesBeforeKeysMoveMovesNone() throws Exception {
    for (String rule : List.of("-rename", "-unlink", "-hset", "resetkeys")) {
      StoreSite site = brought("revoked" + rule);
      try (Connection admin = redis.admin();
          HeldExec held = new HeldExec(redis.site().port(), MOVING)) {
        List<String> rules = documentedRules("revoked" + rule + ":", true);
        setUser(admin, site.writer(), rules);
        Rebuild rebuild = planned(site, "revoked" + rule);
        driver().provision(site, rebuild.live(), new Reader.Brought("somebody"));
        driver().provision(site, rebuild.shadow(), new Reader.None());
        admin.ask("HSET", prefix(rebuild.live()) + "a", "id", "a", "name", "old");
        admin.ask("HSET", prefix(rebuild.shadow()) + "a", "id", "a", "name", "new");
        admin.ask("HSET", prefix(rebuild.live()) + "b", "id", "b", "name", "old");
        List<String> before = withoutUsers();
        held.beforeExec(() -> admin.ask("ACL", "SETUSER", site.writer().username(), rule));

        assertProblem(
            "PermissionMissing",
            () -> driver().swap(held.in(site), rebuild.live(), rebuild.shadow(), rebuild.next()));

        assertThat(withoutUsers()).as(rule).isEqualTo(before);
        setUser(admin, site.writer(), rules);
        driver().swap(site, rebuild.live(), rebuild.shadow(), rebuild.next());
        assertThat(driver().rows(site, rebuild.next(), 10, Optional.empty()).entries())
            .extracting(row -> row.get("name").asText())
            .containsExactly("new");
      }
    }
  }

  private static List<String> withoutUsers() throws Exception {
    return redis.inventory().stream().filter(line -> !line.startsWith("user ")).toList();
  }

  private static StoreSite brought(String name) {
    StoreSite site = redis.site();
    return new StoreSite(
        new ObjectKey("sales", name),
        "Redis",
        site.host(),
        site.port(),
        "0",
        "disable",
        Optional.empty(),
        new Credentials(name, "its password"));
  }

  private Rebuild planned(StoreSite site, String name) {
    PipelinePlan live = NAMED.apply(redis.plan(name)).build();
    PipelinePlan.Target of = in(site, live.target());
    PipelinePlan.Target beside = in(site, redis.shadowTarget(live));
    return new Rebuild(
        NAMED.apply(new PlanBuilder(name, of)).build(),
        NAMED
            .apply(new PlanBuilder(name + "~rebuild", beside))
            .uid(live.uid() + "~2")
            .definition(2)
            .build(),
        NAMED.apply(new PlanBuilder(name, of)).definition(2).build());
  }

  private static PipelinePlan.Target in(StoreSite site, PipelinePlan.Target target) {
    return new PipelinePlan.Target(
        "Redis",
        site.store(),
        site.host(),
        site.port(),
        "0",
        "disable",
        "writer",
        null,
        target.keys());
  }

  private static void setUser(Connection admin, Credentials login, List<String> rules)
      throws StoreProblem {
    List<String> words =
        new ArrayList<>(
            List.of("ACL", "SETUSER", login.username(), "reset", ">" + login.password()));
    words.addAll(rules);
    admin.ask(words.toArray(String[]::new));
  }

  /** The words of the commands in the docs, without user and password. */
  private static List<String> documentedRules(String prefix, boolean rebuilds) throws Exception {
    String page = Files.readString(Path.of("../docs/external-stores.md"));
    List<String> rules = new ArrayList<>(List.of("on"));
    rules.addAll(words(page, "(?s)ACL SETUSER millrace on >PASSWORD (.*?)\n```"));
    if (rebuilds) {
      rules.addAll(words(page, "ACL SETUSER millrace (~rebuild~.*)\n```"));
    }
    rules.replaceAll(rule -> rule.equals("~order:*") ? "~" + prefix + "*" : rule);
    return rules;
  }

  private static List<String> words(String page, String command) {
    Matcher found = Pattern.compile(command).matcher(page);
    assertThat(found.find()).as(command).isTrue();
    return List.of(found.group(1).replace("\\\n", " ").trim().split("\\s+"));
  }

  // Plans.

  /** Rows a and b, to be a and c, and a dead letter in each. */
  private Rebuild loaded() throws Exception {
    Rebuild rebuild = of("Hash", null, "Hash", null);
    provision(rebuild.live());
    provisionShadow(rebuild.shadow());
    write(rebuild.live(), put("a", "1").put("b", "1").dead("NotJson", "old", "", ""));
    write(rebuild.shadow(), put("a", "2").put("c", "2").dead("NotJson", "new", "", ""));
    return rebuild;
  }

  private Rebuild of(String structure, Long ttl, String nextStructure, Long nextTtl) {
    String name = fresh();
    PipelinePlan live =
        NAMED
            .apply(new PlanBuilder(name, redis.target(structure, name + ":{id}", name + ":", ttl)))
            .build();
    PipelinePlan next =
        NAMED
            .apply(
                new PlanBuilder(
                    name, redis.target(nextStructure, name + ":{id}", name + ":", nextTtl)))
            .definition(2)
            .build();
    return new Rebuild(live, shadow(next, NAMED), next);
  }

  private static String prefix(PipelinePlan plan) {
    return plan.target().keys().prefix();
  }
}
