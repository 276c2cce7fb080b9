package dev.millrace.standalone.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Writes flights as compact JSON. Three million of them, so without a tree. One thread. */
final class FlightJson {
  private final byte[] buffer = new byte[512];
  private int length;

  // The file is sorted by time: most flights share it with the one before.
  private long lastMicros = Long.MIN_VALUE;
  private byte[] lastTime = new byte[0];

  byte[] of(long id, long micros, long delay, long distance, byte[] origin, byte[] destination) {
    length = 0;
    put(ID);
    number(id);
    put(DATE);
    put(time(micros));
    put(DELAY);
    number(delay);
    put(DISTANCE);
    number(distance);
    put(ORIGIN);
    put(origin);
    put(DESTINATION);
    put(destination);
    put(END);
    return Arrays.copyOf(buffer, length);
  }

  byte[] key(long id) {
    length = 0;
    number(id);
    return Arrays.copyOf(buffer, length);
  }

  private byte[] time(long micros) {
    if (micros != lastMicros) {
      lastMicros = micros;
      lastTime =
          ascii(
              Instant.ofEpochSecond(
                      Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000)
                  .toString());
    }
    return lastTime;
  }

  private void put(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void number(long value) {
    if (value < 0) {
      buffer[length++] = '-';
    }
    long rest = Math.abs(value);
    int digits = 1;
    for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
      digits++;
    }
    for (int at = length + digits - 1; at >= length; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static final byte[] ID = ascii("{\"id\":");
  private static final byte[] DATE = ascii(",\"date\":\"");
  private static final byte[] DELAY = ascii("\",\"delay\":");
  private static final byte[] DISTANCE = ascii(",\"distance\":");
  private static final byte[] ORIGIN = ascii(",\"origin\":\"");
  private static final byte[] DESTINATION = ascii("\",\"destination\":\"");
  private static final byte[] END = ascii("\"}");
}
