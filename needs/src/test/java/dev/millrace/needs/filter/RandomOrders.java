package dev.millrace.needs.filter;

import dev.millrace.api.Json;
import dev.millrace.needs.schema.EventSchema;
import java.util.Random;

/** Events with a field of every type, any of which may be absent, null or of another type. */
public final class RandomOrders {
  public static final String SCHEMA =
      """
      {"type":"object","required":["id"],"properties":{
        "id":{"type":"string"},"name":{"type":"string"},"country":{"type":"string"},
        "day":{"type":"string","format":"date"},
        "total":{"type":"number"},"price":{"type":"number"},
        "count":{"type":"integer"},"stock":{"type":"integer"},
        "paid":{"type":"boolean"},"open":{"type":"boolean"},
        "at":{"type":"string","format":"date-time"},"until":{"type":"string","format":"date-time"},
        "customer":{"type":"object","properties":{
          "email":{"type":"string"},"age":{"type":"integer"},"vip":{"type":"boolean"},
          "address":{"type":"object","properties":{"city":{"type":"string"},"floor":{"type":"number"}}}}},
        "tags":{"type":"array","items":{"type":"string"}},
        "sizes":{"type":"array","items":{"type":"integer"}},
        "weights":{"type":"array","items":{"type":"number"}},
        "extra":{},"other":{}}}
      """;

  private static final String[] TEXTS = {
    "",
    "a",
    "DE",
    "FR",
    "o-1",
    "o-12",
    "ann@example.com",
    "é€😀",
    "\\u00e9\\n",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\u0000",
    "2026-11-24",
    "true",
    "7",
    "vip"
  };
  private static final String[] INTEGERS = {
    "0",
    "-0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "100",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "9007199254740993",
    "5.0",
    "5e2",
    "1.5",
    "123456789012345678"
  };
  private static final String[] NUMBERS = {
    "0",
    "-0.0",
    "1",
    "1.0",
    "0.1",
    "1.5",
    "-1.5",
    "100",
    "100.0",
    "1e3",
    "1e400",
    "-1e400",
    "1e-400",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808.0",
    "0.30000000000000004",
    "12345.678901234567890123"
  };
  private static final String[] TIMES = {
    "2026-11-24T10:00:00Z",
    "2026-11-24T10:00:00.123Z",
    "2026-11-24T12:00:00+02:00",
    "2026-11-24T10:00Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "yesterday",
    "2026-02-30T00:00:00Z",
    "+12026-01-01T00:00:00Z"
  };

  private RandomOrders() {}

  public static EventSchema schema() {
    try {
      return EventSchema.of(Json.STRICT.readTree(SCHEMA));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** With an id, which stands for the record key. */
  public static String order(Random random) {
    StringBuilder json = new StringBuilder("{\"id\":\"k\"");
    add(json, random, "name", text(random));
    add(json, random, "country", text(random));
    add(json, random, "day", text(random));
    add(json, random, "total", one(random, NUMBERS));
    add(json, random, "price", one(random, NUMBERS));
    add(json, random, "count", one(random, INTEGERS));
    add(json, random, "stock", Integer.toString(random.nextInt(5)));
    add(json, random, "paid", Boolean.toString(random.nextBoolean()));
    add(json, random, "open", Boolean.toString(random.nextBoolean()));
    add(json, random, "at", "\"" + one(random, TIMES) + "\"");
    add(json, random, "until", "\"" + one(random, TIMES) + "\"");
    add(json, random, "customer", customer(random));
    add(json, random, "tags", list(random, TEXTS, "\""));
    add(json, random, "sizes", list(random, INTEGERS, ""));
    add(json, random, "weights", list(random, NUMBERS, ""));
    add(json, random, "extra", anything(random));
    add(json, random, "other", anything(random));
    return json.append('}').toString();
  }

  private static String customer(Random random) {
    StringBuilder json = new StringBuilder("{\"since\":2020");
    add(json, random, "email", text(random));
    add(json, random, "age", one(random, INTEGERS));
    add(json, random, "vip", Boolean.toString(random.nextBoolean()));
    StringBuilder address = new StringBuilder("{\"street\":\"x\"");
    add(address, random, "city", text(random));
    add(address, random, "floor", one(random, NUMBERS));
    add(json, random, "address", address.append('}').toString());
    return json.append('}').toString();
  }

  private static void add(StringBuilder json, Random random, String name, String value) {
    switch (random.nextInt(12)) {
      case 0 -> {
        // Absent.
      }
      case 1 -> json.append(",\"").append(name).append("\":null");
      case 2 -> json.append(",\"").append(name).append("\":").append(anything(random));
      default -> json.append(",\"").append(name).append("\":").append(value);
    }
  }

  private static String list(Random random, String[] among, String quote) {
    StringBuilder json = new StringBuilder("[");
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",");
      json.append(random.nextInt(10) == 0 ? anything(random) : quote + one(random, among) + quote);
    }
    return json.append(']').toString();
  }

  private static String anything(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> one(random, NUMBERS);
      case 1 -> one(random, INTEGERS);
      case 2 -> "true";
      case 3 -> "{\"x\":1,\"email\":\"y\"}";
      case 4 -> "[1,\"a\",null]";
      case 5 -> "null";
      default -> text(random);
    };
  }

  private static String text(Random random) {
    return "\"" + one(random, TEXTS) + "\"";
  }

  private static String one(Random random, String[] among) {
    return among[random.nextInt(among.length)];
  }
}
