package dev.millrace.needs.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** JSON of all kinds, and ways to spoil it. */
public final class RandomEvents {
  private static final String[] NAMES = {
    "a", "b", "c", "id", "total", "é", "a.b", "", "name with 8+"
  };
  private static final String[] TEXTS = {
    "",
    "x",
    "plain text of some length",
    "é€😀",
    "\\n",
    "\\u0000",
    "\\ud800",
    "\\\"",
    "\\\\",
    "\\/",
    "12345678",
    "\u007f"
  };
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "1",
    "-1",
    "2147483647",
    "2147483648",
    "-2147483649",
    "123456789012345678",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "0.0",
    "-0.0",
    "0.1",
    "1.50",
    "1e3",
    "1E-3",
    "1.5e+300",
    "1e400",
    "123456789.123456789",
    "0.30000000000000004",
    "9007199254740993",
    "9007199254740993.0",
    "1e-9999",
    "0.000001"
  };
  private static final String SPOILERS = "{}[]\",:\\ \t\n0123456789-+.eEtrufalsn\0\u001f/é";

  private static final Pattern NAME = Pattern.compile("\"[^\"\\\\]*\"(?=\\s*:)");

  private RandomEvents() {}

  static byte[] event(Random random) {
    StringBuilder json = new StringBuilder();
    object(random, json, 0);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void object(Random random, StringBuilder json, int depth) {
    json.append('{');
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",").append(space(random)).append('"');
      json.append(random.nextInt(3) == 0 ? NAMES[random.nextInt(NAMES.length)] : "f" + i);
      json.append('"').append(space(random)).append(':').append(space(random));
      value(random, json, depth);
      json.append(space(random));
    }
    json.append('}');
  }

  private static void value(Random random, StringBuilder json, int depth) {
    switch (random.nextInt(depth > 4 ? 6 : 8)) {
      case 0, 1 ->
          json.append('"')
              .append(TEXTS[random.nextInt(TEXTS.length)])
              .append(TEXTS[random.nextInt(TEXTS.length)])
              .append('"');
      case 2, 3 -> json.append(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 4 -> json.append(random.nextBoolean());
      case 5 -> json.append(random.nextInt(3) == 0 ? "null" : Long.toString(random.nextInt(2000)));
      case 6 -> object(random, json, depth + 1);
      default -> {
        json.append('[');
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
          json.append(i == 0 ? "" : ",").append(space(random));
          value(random, json, depth + 1);
        }
        json.append(']');
      }
    }
  }

  private static String space(Random random) {
    return random.nextInt(8) == 0 ? " \t\r\n ".substring(random.nextInt(5)) : "";
  }

  /** One name made that of another field, which may stand in the same object. */
  static byte[] renamed(byte[] event, Random random) {
    String json = new String(event, StandardCharsets.UTF_8);
    List<MatchResult> names = NAME.matcher(json).results().toList();
    if (names.isEmpty()) {
      return event;
    }
    MatchResult which = names.get(random.nextInt(names.size()));
    String name = names.get(random.nextInt(names.size())).group();
    return (json.substring(0, which.start()) + name + json.substring(which.end()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A third is left whole. */
  public static byte[] spoilt(byte[] event, Random random) {
    byte[] spoilt = event.clone();
    int at = random.nextInt(event.length);
    byte[] spoiler = SPOILERS.getBytes(StandardCharsets.UTF_8);
    switch (random.nextInt(9)) {
      case 0 -> spoilt[at] = spoiler[random.nextInt(spoiler.length)];
      case 1 -> spoilt[at] = (byte) random.nextInt(256);
      case 2 -> spoilt = Arrays.copyOf(spoilt, at);
      case 3 -> spoilt = with(spoilt, at, spoiler[random.nextInt(spoiler.length)]);
      case 4 -> {
        System.arraycopy(event, at, spoilt, at / 2, event.length - at);
        spoilt = Arrays.copyOf(spoilt, event.length - at + at / 2);
      }
      case 5 -> {
        spoilt = with(with(spoilt, at, (byte) random.nextInt(256)), at, (byte) random.nextInt(256));
      }
      default -> {
        // As it is.
      }
    }
    return spoilt;
  }

  private static byte[] with(byte[] event, int at, byte added) {
    byte[] longer = new byte[event.length + 1];
    System.arraycopy(event, 0, longer, 0, at);
    longer[at] = added;
    System.arraycopy(event, at, longer, at + 1, event.length - at);
    return longer;
  }
}
