package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers, writers and accounts that were brought may do, and what not. */
class RedisUsersTest {
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
  void aReaderSeesItsKeysAndNothingElseNotEvenTheirNames() throws Exception {
    PipelinePlan plan = filled("seen");
    filled("unseen");
    try (Connection reader = redis.connect(redis.reader(plan))) {
      assertThat(reader.ask("HGETALL", "seen:a").fields()).containsEntry("name", "1");
      assertThat(reader.ask("PING").text()).isEqualTo("PONG");
      for (String forbidden :
          List.of(
              "HGETALL unseen:a",
              "HSET seen:a name 2",
              "UNLINK seen:a",
              "SCAN 0",
              "KEYS *",
              "RANDOMKEY",
              "DBSIZE",
              "SELECT 1",
              "INFO",
              "CONFIG GET *",
              "ACL LIST",
              "CLIENT LIST",
              "FLUSHALL",
              "HGETALL millrace:prefixes",
              "TYPE millrace:prefixes",
              "SUBSCRIBE x")) {
        assertThat(reader.tryAsk(forbidden.split(" ")))
            .as(forbidden)
            .isInstanceOfSatisfying(
                Reply.Failure.class, no -> assertThat(no.text()).startsWith("NOPERM"));
      }
      assertThat(reader.tryAsk("EVAL", "return redis.call('GET', 'unseen:a')", "0"))
          .isInstanceOf(Reply.Failure.class);
    }
  }

  @Test
  void aWriterWritesItsPrefixesAndItsOwnBookkeepingOnly() throws Exception {
    filled("mine");
    StoreSite other = redis.anotherSite();
    redis.driver().prepare(other);
    try (Connection writer = redis.connect(redis.site().writer());
        Connection stranger = redis.connect(other.writer())) {
      assertThat(writer.tryAsk("HGETALL", "mine:a")).isNotInstanceOf(Reply.Failure.class);
      for (String forbidden :
          List.of(
              "HGETALL mine:a",
              "UNLINK mine:a",
              "HGETALL millrace:sales/main:cursor:uid-mine:0",
              "HGETALL millrace:prefixes",
              "FLUSHALL",
              "CONFIG GET *",
              "ACL LIST")) {
        assertThat(stranger.tryAsk(forbidden.split(" ")))
            .as(forbidden)
            .isInstanceOf(Reply.Failure.class);
      }
    }
  }

  @Test
  void sessionsOfTheOldPasswordEndWhenItIsRotated() throws Exception {
    PipelinePlan plan = filled("rotated");
    Credentials old = redis.reader(plan);
    try (Connection session = redis.connect(old)) {
      redis.driver().rotate(redis.site(), plan, new Credentials(old.username(), "fresh"));
      assertThatExceptionOfType(StoreProblem.class).isThrownBy(() -> session.ask("PING"));
    }
  }

  @Test
  void usersOutliveARestartOfTheServer(@TempDir Path directory) throws Exception {
    Credentials reader;
    PipelinePlan plan;
    try (RedisUnderTest first = new RedisUnderTest(directory)) {
      first.driver().prepare(first.site());
      plan = first.plan("again").build();
      reader = first.reader(plan);
      first.driver().provision(first.site(), plan, new Reader.Made(reader));
    }
    try (RedisUnderTest second = new RedisUnderTest(directory)) {
      assertThatCode(() -> second.connect(reader).close()).doesNotThrowAnyException();
      second.driver().sink(second.site(), plan, "w").close();
    }
  }

  @Test
  void anAccountWithExactlyTheDocumentedRulesDoesAllOfAWritersWork() throws Exception {
    StoreSite site = brought("documented");
    PipelinePlan plan = planIn(site, "brought");
    try (Connection admin = redis.admin()) {
      setUser(admin, site.writer(), documentedRules("brought:"));
      List<String> before = redis.inventory();

      redis.driver().probe(site);
      redis.driver().prepare(site);
      redis.driver().provision(site, plan, new Reader.Brought("somebody"));
      try (Sink sink = redis.driver().sink(site, plan, "w")) {
        sink.take(Set.of(0, 1));
        sink.presentKeys(Long.MAX_VALUE - 1, key -> {});
        sink.write(new Feed(0).put("a", "1", null).dead("NotJson", "", "", "").batch());
        sink.flush();
        sink.write(new Feed(0, 2).dead("NotJson", "", "", "").batch());
        sink.amend(
            new Amendment(
                new Batch(
                    new Feed(0, 2).put("b", "corrected", null).batch().entries(),
                    List.of(new Batch.Move(0, 3, 3, Optional.empty(), new Counts(0, 1, 0, -1, 0)))),
                Set.of(new EventPlace(0, 2))));
      }
      assertThat(redis.driver().cursors(site, plan)).hasSize(2);
      assertThat(redis.driver().rows(site, plan, 10, Optional.empty()).entries()).hasSize(2);
      assertThat(redis.driver().deadLetters(site, plan, 10, Optional.empty()).entries()).hasSize(1);
      redis.driver().withdraw(site, plan, false);
      redis.driver().remove(site);

      assertThat(redis.inventory()).isEqualTo(before);
    }
  }

  @Test
  void everyRuleThatIsMissingIsNamed() throws Exception {
    StoreSite site = brought("lacking");
    try (Connection admin = redis.admin()) {
      List<String> rules = documentedRules("lacking:");
      for (String rule : rules) {
        // Without these it may do more, not less, or cannot log in; the last is not demanded.
        if (List.of("on", "resetchannels", "-@all", "+restore").contains(rule)) {
          continue;
        }
        List<String> fewer = new ArrayList<>(rules);
        fewer.remove(rule);
        setUser(admin, site.writer(), fewer);
        assertThatExceptionOfType(StoreProblem.class)
            .as(rule)
            .isThrownBy(() -> {
              redis.driver().probe(site);
              redis
                  .driver()
                  .provision(site, planIn(site, "lacking"), new Reader.Brought("somebody"));
            })
            .satisfies(problem -> assertThat(problem.code()).isEqualTo("PermissionMissing"))
            .satisfies(problem -> assertThat(problem.remedy()).contains(rule));
        admin.ask("ACL", "DELUSER", site.writer().username());
      }
    }
  }

  @Test
  void aWriterThatMakesNoUsersNeedsAReaderThatWasBrought() throws Exception {
    StoreSite site = brought("modest");
    PipelinePlan plan = planIn(site, "modest");
    try (Connection admin = redis.admin()) {
      setUser(admin, site.writer(), documentedRules("modest:"));
      List<String> before = redis.inventory();
      assertThatExceptionOfType(StoreProblem.class)
          .isThrownBy(
              () -> redis.driver().provision(site, plan, new Reader.Made(redis.reader(plan))))
          .satisfies(problem -> assertThat(problem.code()).isEqualTo("PermissionMissing"))
          .satisfies(problem -> assertThat(problem.remedy()).contains("reader"));
      assertThat(redis.inventory()).isEqualTo(before);
    }
  }

  @Test
  void aWriterThatMayMakeUsersMakesTheReader() throws Exception {
    StoreSite site = brought("mighty");
    PipelinePlan plan = planIn(site, "mighty");
    try (Connection admin = redis.admin()) {
      List<String> rules = documentedRules("mighty:");
      rules.addAll(List.of("+acl|setuser", "+acl|deluser", "+acl|save"));
      setUser(admin, site.writer(), rules);
      List<String> before = redis.inventory();
      redis.driver().provision(site, plan, new Reader.Made(redis.reader(plan)));
      redis.connect(redis.reader(plan)).close();
      redis.driver().withdraw(site, plan, false);
      assertThat(redis.inventory()).isEqualTo(before);
    }
  }

  /** The words of the command in the docs, without user and password. */
  private static List<String> documentedRules(String prefix) throws Exception {
    String page = Files.readString(Path.of("../docs/external-stores.md"));
    Matcher command =
        Pattern.compile("(?s)ACL SETUSER millrace on >PASSWORD (.*?)\n```").matcher(page);
    assertThat(command.find()).as("the writer's rules in docs/external-stores.md").isTrue();
    List<String> rules = new ArrayList<>(List.of("on"));
    for (String rule : command.group(1).replace("\\\n", " ").trim().split("\\s+")) {
      rules.add(rule.equals("~order:*") ? "~" + prefix + "*" : rule);
    }
    return rules;
  }

  private static void setUser(Connection admin, Credentials login, List<String> rules)
      throws StoreProblem {
    List<String> words =
        new ArrayList<>(List.of("ACL", "SETUSER", login.username(), ">" + login.password()));
    words.addAll(rules);
    admin.ask(words.toArray(String[]::new));
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

  private static PipelinePlan planIn(StoreSite site, String name) {
    PipelinePlan.Target target = redis.target(name);
    return redis
        .plan(name)
        .in(
            new PipelinePlan.Target(
                "Redis",
                site.store(),
                site.host(),
                site.port(),
                "0",
                "disable",
                "writer",
                null,
                target.keys()))
        .build();
  }

  private static PipelinePlan filled(String name) throws Exception {
    PipelinePlan plan = redis.plan(name).build();
    redis.driver().provision(redis.site(), plan, new Reader.Made(redis.reader(plan)));
    try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
      sink.take(Set.of(0, 1));
      sink.write(new Feed(0).put("a", "1", null).batch());
    }
    return plan;
  }
}
