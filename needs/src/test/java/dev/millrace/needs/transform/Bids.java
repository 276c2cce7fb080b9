package dev.millrace.needs.transform;

import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Bids of Nexmark, about 270 bytes each, and plans over them, for {@link TransformBenchmark}. */
final class Bids {
  static final List<PipelinePlan.Column> ALL =
      List.of(
          column("id", "id", "int64", true),
          column("auction", "auction", "int64", false),
          column("bidder", "bidder", "int64", false),
          column("price", "price", "int64", false),
          column("channel", "channel", "text", false),
          column("url", "url", "text", false),
          column("date_time", "dateTime", "timestamp", false),
          column("extra", "extra", "text", false));

  static final List<PipelinePlan.Column> PRICED =
      List.of(
          column("id", "id", "int64", true),
          column("auction", "auction", "int64", false),
          column("bidder", "bidder", "int64", false),
          new PipelinePlan.Column(
              "price", null, "double(event.price) * 0.908", "decimal(20,3)", false, "None"));

  private static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"integer"},"auction":{"type":"integer"},"bidder":{"type":"integer"},
        "price":{"type":"integer"},"channel":{"type":"string"},"url":{"type":"string"},
        "dateTime":{"type":"string","format":"date-time"},"extra":{"type":"string"}}}
      """;

  private static final String[] CHANNELS = {"Google", "Facebook", "Baidu", "Apple", "channel-42"};

  private Bids() {}

  record Bid(byte[] key, byte[] value) {}

  static List<Bid> of(int events) {
    Random random = new Random(1);
    List<Bid> bids = new ArrayList<>();
    for (int i = 0; i < events; i++) {
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

  static PipelinePlan plan(
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
