package dev.millrace.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Feed;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreProblem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is packed is, byte by byte, what the server makes of the same fields. */
class PackedHashesTest {
  /** The version and the checksum. */
  private static final int FOOTER = 10;

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
  void itIsWhatTheServerDumps() throws Exception {
    try (Connection admin = redis.admin()) {
      admin.ask("CONFIG", "SET", "rdbcompression", "no");
      // Of the names that every version takes.
      admin.ask("CONFIG", "SET", "hash-max-ziplist-value", "10000000");
      admin.ask("CONFIG", "SET", "hash-max-ziplist-entries", "10000000");
      boolean listpacks = ServerInfo.of(admin).atLeast(7, 0);
      for (Map<String, Object> row : rows()) {
        List<String> words = new ArrayList<>(List.of("HSET", "row"));
        row.forEach((name, value) -> words.addAll(List.of(name, value.toString())));
        admin.ask("UNLINK", "row");
        admin.ask(words.toArray(String[]::new));
        byte[] dumped = ((Reply.Text) admin.ask("DUMP", "row")).bytes();
        byte[] packed = packed(listpacks ? new Listpack() : new Ziplist(), row);
        assertThat(Arrays.copyOf(packed, packed.length - FOOTER))
            .isEqualTo(Arrays.copyOf(dumped, dumped.length - FOOTER));
      }
    }
  }

  @Test
  void aRowOfAnyShapeReadsAsItWasMeant() throws Exception {
    try (Connection admin = redis.admin()) {
      PipelinePlan plan = provisioned("shapes");
      Supplier<RowWriter> writers =
          PackedHashes.taken(admin, plan, new HashRows(List.of())).orElseThrow();
      assertThat(writers.get().replaces()).isTrue();
      for (Map<String, Object> row : rows()) {
        List<PipelinePlan.Column> columns = new ArrayList<>();
        row.keySet()
            .forEach(name ->
                columns.add(new PipelinePlan.Column(name, name, null, "text", false, "None")));
        admin.ask("SADD", "any", "of another type");
        new PackedHashes(new HashRows(columns), form(admin))
            .write(
                admin.requests(),
                "any".getBytes(StandardCharsets.UTF_8),
                row.values().toArray(),
                OptionalLong.empty());
        assertThat(admin.readOk().text()).isEqualTo("OK");
        Map<String, String> meant = new TreeMap<>();
        row.forEach((name, value) -> meant.put(name, value.toString()));
        assertThat(new TreeMap<>(admin.ask("HGETALL", "any").fields())).isEqualTo(meant);
        admin.ask("UNLINK", "any");
      }
    }
  }

  private static Packing form(Connection admin) throws StoreProblem {
    return ServerInfo.of(admin).atLeast(7, 0) ? new Listpack() : new Ziplist();
  }

  @Test
  void aServerIsAskedWithoutALeftover() throws Exception {
    PipelinePlan plan = provisioned("asked");
    List<String> before = redis.inventory();
    try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
      assertThat(redis.inventory()).isEqualTo(before);
      sink.take(Set.of(0));
      sink.write(new Feed(0).put("a", "Ann", null).batch());
      assertThat(sink.effort().ways()).containsOnlyKeys("PackedTransaction");
    }
  }

  @Test
  void aLoginThatMayNotRestoreWritesFieldByField() throws Exception {
    PipelinePlan plan = provisioned("forbidden");
    try (Connection admin = redis.admin()) {
      admin.ask("ACL", "SETUSER", redis.site().writer().username(), "-restore");
      try (Sink sink = redis.driver().sink(redis.site(), plan, "w")) {
        sink.take(Set.of(0));
        sink.write(new Feed(0).put("a", "Ann", null).put("b", "Bob", null).batch());
        assertThat(sink.effort().ways()).containsOnlyKeys("Transaction");
      }
    }
    assertThat(redis.rowsAs(redis.site().writer(), plan))
        .containsExactlyInAnyOrder(
            Map.of("id", "a", "name", "Ann"), Map.of("id", "b", "name", "Bob"));
  }

  private static PipelinePlan provisioned(String name) throws StoreProblem {
    PipelinePlan plan = redis.plan(name).build();
    redis.driver().provision(redis.site(), plan, new Reader.Made(redis.reader(plan)));
    return plan;
  }

  /**
   * The embedded server knows no such list. The digests are of what Redis 7.0.15 dumped, of the
   * rows that {@link #itIsWhatTheServerDumps} compared there ({@code -Dmillrace.test.redis}).
   */
  @Test
  void aListpackIsWhatRedis7Dumped() throws Exception {
    MessageDigest all = MessageDigest.getInstance("SHA-256");
    for (Map<String, Object> row : rows()) {
      all.update(packed(new Listpack(), row));
    }
    assertThat(HexFormat.of().formatHex(all.digest()))
        .isEqualTo("c140e3a7b0805d17a482ed8b3bf272ce050990746f2972efc98476678fb195c2");
  }

  /** All lengths and numbers about which the forms change. */
  private static List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    Map<String, Object> numbers = new LinkedHashMap<>();
    for (int bits = 0; bits < 64; bits++) {
      for (long near = -2; near <= 2; near++) {
        numbers.put("p" + bits + near, (1L << bits) + near);
        numbers.put("n" + bits + near, -(1L << bits) + near);
      }
    }
    rows.add(numbers);
    Random random = new Random(17);
    Map<String, Object> small = new LinkedHashMap<>();
    for (int length = 0; length < 300; length++) {
      small.put("s" + length, text(length, random));
    }
    rows.add(small);
    for (int length :
        new int[] {4_095, 4_096, 16_370, 16_383, 16_384, 70_000, 2_097_140, 2_097_152}) {
      for (int off = -7; off < 1; off++) {
        rows.add(Map.of("long", text(length + off, random)));
      }
    }
    rows.add(Map.of("a", "b"));
    rows.add(Map.of("naïve", "日本語 🌊"));
    return rows;
  }

  /** Does not read as a number. */
  private static String text(int length, Random random) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  private static byte[] packed(Packing packing, Map<String, Object> row) throws IOException {
    packing.begin();
    row.forEach((name, value) -> {
      packing.text(name.getBytes(StandardCharsets.UTF_8));
      if (value instanceof Long number) {
        packing.integer(number);
      } else {
        packing.text(value.toString().getBytes(StandardCharsets.UTF_8));
      }
    });
    packing.end();
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    Requests requests = Requests.to(word);
    packing.addTo(requests);
    requests.flush();
    byte[] bytes = word.toByteArray();
    int from = new String(bytes, 0, 20, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
    return Arrays.copyOfRange(bytes, from, bytes.length - 2);
  }
}
