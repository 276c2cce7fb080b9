package dev.millrace.bench.workload;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A bid as Nexmark has them. Each is a function of a seed and its number, so that who knows these
 * two knows what a store must hold.
 *
 * @param id the number, and the record key
 * @param price in cents: 100 to 10⁸, its logarithm even
 * @param dateTime milliseconds since 1970
 * @param extra filler; of one bid in a hundred with all that escapes must get right
 */
public record Bid(
    long id,
    long auction,
    long bidder,
    long price,
    String channel,
    String url,
    long dateTime,
    String extra) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long BEGIN = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final String[] CHANNELS = {"Google", "Facebook", "Baidu", "Apple"};
  private static final int FILLER = 60;

  public static Bid of(long seed, long number) {
    Draw draw = new Draw(seed * GOLDEN ^ number);
    return new Bid(
        number,
        1_000 + draw.below(100_000),
        1_000 + draw.below(10_000),
        (long) StrictMath.pow(10, 2 + 6 * draw.fraction()),
        channel(draw),
        "https://www.nexmark.com/"
            + draw.letters(5)
            + "/"
            + draw.letters(5)
            + "/"
            + draw.letters(5)
            + "/item.htm?query=1",
        BEGIN + number + draw.below(1_000),
        draw.below(100) == 0 ? awkward(draw) : draw.letters(FILLER + draw.below(30)));
  }

  /** The same under another key. */
  public Bid as(long key) {
    return key == id ? this : new Bid(key, auction, bidder, price, channel, url, dateTime, extra);
  }

  public byte[] key() {
    return Long.toString(id).getBytes(StandardCharsets.US_ASCII);
  }

  /** About 270 bytes. */
  public byte[] json() {
    StringBuilder text =
        new StringBuilder(320)
            .append("{\"id\":")
            .append(id)
            .append(",\"auction\":")
            .append(auction)
            .append(",\"bidder\":")
            .append(bidder)
            .append(",\"price\":")
            .append(price)
            .append(",\"channel\":\"")
            .append(channel)
            .append("\",\"url\":\"")
            .append(url)
            .append("\",\"dateTime\":\"")
            .append(time())
            .append("\",\"extra\":\"");
    escape(extra, text);
    return text.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** As it stands in the event. */
  public String time() {
    return Instant.ofEpochMilli(dateTime).toString();
  }

  private static String channel(Draw draw) {
    int which = draw.below(8);
    return which < CHANNELS.length ? CHANNELS[which] : "channel-" + draw.below(10_000);
  }

  private static String awkward(Draw draw) {
    return draw.letters(FILLER / 2)
        + "a \"quote\", C:\\temp\\new,\ta tab\nand a line, é, ß, 日本, 😀 "
        + draw.letters(10);
  }

  /** A number of a further field, which is not negative. */
  long drawn(int field) {
    return further(field).next() >>> 1;
  }

  /** The text of a further field. */
  String letters(int field, int length) {
    return further(field).letters(length);
  }

  /** {@link #extra} with letters behind it, or letters alone where it does not fit. */
  String stretched(int length) {
    return extra.length() > length
        ? letters(0, length)
        : extra + letters(0, length - extra.length());
  }

  private Draw further(int field) {
    return new Draw((dateTime * GOLDEN ^ price * 31 + auction) * GOLDEN ^ field);
  }

  /** What is not ASCII stands as itself in every other bid, and as \\u in the rest. */
  void escape(String value, StringBuilder text) {
    boolean ascii = (id & 1) == 1;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        default -> {
          if (c > 126 && ascii) {
            text.append(String.format("\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
  }

  /** Numbers of one bid, in their order (SplitMix64). */
  private static final class Draw {
    private long state;

    Draw(long state) {
      this.state = state;
    }

    private long next() {
      state += GOLDEN;
      long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }

    int below(int bound) {
      return (int) Long.remainderUnsigned(next(), bound);
    }

    double fraction() {
      return (next() >>> 11) * 0x1.0p-53;
    }

    String letters(int count) {
      byte[] letters = new byte[count];
      long bits = 0;
      for (int i = 0; i < count; i++) {
        bits = i % 12 == 0 ? next() >>> 1 : bits / 26;
        letters[i] = (byte) ('a' + bits % 26);
      }
      return new String(letters, StandardCharsets.ISO_8859_1);
    }
  }
}
