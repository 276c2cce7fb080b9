package dev.millrace.needs.transform;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.event.RawEvent;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How many events one thread filters and shapes in a second of its time: bids of Nexmark, about 270
 * bytes each.
 *
 * <pre>java … dev.millrace.needs.transform.TransformSpeed [seconds for each]</pre>
 */
final class TransformSpeed {
  private static final int EVENTS = 20_000;
  private static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"integer"},"auction":{"type":"integer"},"bidder":{"type":"integer"},
        "price":{"type":"integer"},"channel":{"type":"string"},"url":{"type":"string"},
        "dateTime":{"type":"string","format":"date-time"},"extra":{"type":"string"}}}
      """;

  private static final String[] CHANNELS = {"Google", "Facebook", "Baidu", "Apple", "channel-42"};

  private TransformSpeed() {}

  private record Bid(byte[] key, byte[] value) {}

  public static void main(String[] args) throws Exception {
    double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 3;
    List<Bid> bids = bids();
    System.out.printf("%d events of %d bytes%n", EVENTS, bids.get(1).value().length);
    List<PipelinePlan.Column> all =
        List.of(
            column("id", "id", "int64", true),
            column("auction", "auction", "int64", false),
            column("bidder", "bidder", "int64", false),
            column("price", "price", "int64", false),
            column("channel", "channel", "text", false),
            column("url", "url", "text", false),
            column("date_time", "dateTime", "timestamp", false),
            column("extra", "extra", "text", false));
    List<PipelinePlan.Column> q22 =
        List.of(
            column("id", "id", "int64", true),
            column("auction", "auction", "int64", false),
            column("bidder", "bidder", "int64", false),
            new PipelinePlan.Column(
                "price", null, "double(event.price) * 0.908", "decimal(20,3)", false, "None"));
    one("q0   all fields, no filter", plan(null, all, false), bids, seconds);
    one("q2   auction % 123 == 0", plan("event.auction % 123 == 0", all, false), bids, seconds);
    one("q2   insertOnly", plan("event.auction % 123 == 0", all, true), bids, seconds);
    one("q22  price >= 3162278", plan("event.price >= 3162278", q22, false), bids, seconds);
    one("q22  insertOnly", plan("event.price >= 3162278", q22, true), bids, seconds);
    one(
        "text in list and ends with",
        plan("event.channel in ['Apple', 'Baidu'] && event.url.endsWith('7')", all, true),
        bids,
        seconds);
    many(all, bids, seconds);
  }

  /** Each subscription has a filter of its own, as a thousand teams would have. */
  private static void many(List<PipelinePlan.Column> columns, List<Bid> bids, double seconds)
      throws Exception {
    List<Transform> transforms = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String filter =
          switch (i % 4) {
            case 0 -> "event.auction % 1000 == " + i;
            case 1 -> "event.bidder == " + (1000 + i);
            case 2 -> "event.channel == 'Apple' && event.price < " + 100 * i;
            default -> "event.url.startsWith('https://www.nexmark.com/item" + i + "')";
          };
      transforms.add(Transforms.compile(plan(filter, columns, true), Optional.empty()));
    }
    List<RawEvent> shared = bids.stream().map(bid -> new RawEvent(bid.value())).toList();
    for (int round = 0; round < 3; round++) {
      long begin = cpu();
      long evaluations = 0;
      long applied = 0;
      int from = 0;
      while (cpu() - begin < seconds * 1e9) {
        int to = Math.min(EVENTS, from + 500);
        for (Transform transform : transforms) {
          for (int i = from; i < to; i++) {
            Outcome outcome = transform.apply(bids.get(i).key(), shared.get(i));
            applied += outcome instanceof Outcome.Put ? 1 : 0;
          }
        }
        evaluations += (long) transforms.size() * (to - from);
        from = to % EVENTS;
        if (from == 0) {
          shared = bids.stream().map(bid -> new RawEvent(bid.value())).toList();
        }
      }
      print("1,000 filters over one stream", evaluations, applied, cpu() - begin);
    }
  }

  private static void one(String name, PipelinePlan plan, List<Bid> bids, double seconds)
      throws Exception {
    Transform transform = Transforms.compile(plan, Optional.empty());
    for (int round = 0; round < 3; round++) {
      long begin = cpu();
      long count = 0;
      long applied = 0;
      while (cpu() - begin < seconds * 1e9) {
        for (Bid bid : bids) {
          applied += transform.apply(bid.key(), bid.value()) instanceof Outcome.Put ? 1 : 0;
        }
        count += EVENTS;
      }
      print(name, count, applied, cpu() - begin);
    }
  }

  /** Of this thread, so that neighbours on the machine count less. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(String name, long count, long applied, long nanos) {
    System.out.printf(
        "%-30s %,12.0f a second, %5.1f %% applied%n",
        name, count * 1e9 / nanos, 100.0 * applied / count);
  }

  private static List<Bid> bids() {
    Random random = new Random(1);
    List<Bid> bids = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      String value =
          "{\"id\":%d,\"auction\":%d,\"bidder\":%d,\"price\":%d,\"channel\":\"%s\",\"url\":\"%s\",\"dateTime\":\"%s\",\"extra\":\"%s\"}"
              .formatted(
                  i,
                  1000 + random.nextInt(100_000),
                  1000 + random.nextInt(10_000),
                  (long) Math.pow(10, random.nextDouble() * 6 + 2),
                  CHANNELS[random.nextInt(CHANNELS.length)],
                  "https://www.nexmark.com/item" + random.nextInt(1000) + "/path.htm?query=" + i,
                  "2026-11-24T10:%02d:%02d.%03dZ".formatted(i / 60 % 60, i % 60, i % 1000),
                  i % 100 == 0 ? "a \\\"quote\\\", a\\ttab and é" : "x".repeat(90));
      bids.add(
          new Bid(
              Integer.toString(i).getBytes(StandardCharsets.UTF_8),
              value.getBytes(StandardCharsets.UTF_8)));
    }
    return bids;
  }

  private static PipelinePlan.Column column(String name, String field, String type, boolean key) {
    return new PipelinePlan.Column(name, field, null, type, key, "None");
  }

  private static PipelinePlan plan(
      @Nullable String filter, List<PipelinePlan.Column> columns, boolean insertOnly)
      throws Exception {
    return new PipelinePlan(
        new ObjectKey("t", "s"),
        "uid",
        1,
        List.of("cel"),
        "Running",
        new PipelinePlan.Source(
            new ObjectKey("t", "p"),
            "t.p",
            "id",
            "cluster",
            1,
            Json.STRICT.readTree(SCHEMA),
            "id",
            insertOnly),
        filter,
        columns,
        "Upsert",
        new PipelinePlan.Target(
            "Postgres",
            new ObjectKey("t", "s"),
            "127.0.0.1",
            1,
            "d",
            "disable",
            "writer/t/s",
            new PipelinePlan.Table("public", "s", List.of()),
            null),
        new PipelinePlan.ErrorPolicy("DeadLetter", null, null),
        Map.of(0, 0L),
        Map.of(0, 0L),
        null);
  }
}
