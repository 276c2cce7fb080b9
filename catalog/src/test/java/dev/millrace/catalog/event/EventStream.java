package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.event;
import static dev.millrace.catalog.event.Orders.utf8;

import java.io.InputStream;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/** A bulk of equally long events that is never in memory as a whole. */
final class EventStream extends InputStream {
  private final int count;
  private final int padding;
  private final Random random = new Random(7);
  private LongConsumer onRead = read -> {};
  private int next;
  private byte[] line = new byte[0];
  private int at;
  private volatile long read;

  /**
   * @param padding how many bytes of noise each event has beside its fields
   */
  EventStream(int count, int padding) {
    this.count = count;
    this.padding = padding;
  }

  /** Told before each reading how many bytes have been read. */
  void onRead(LongConsumer told) {
    onRead = told;
  }

  long bytesRead() {
    return read;
  }

  @Override
  public int read() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    onRead.accept(read);
    int written = 0;
    while (written < length && (at < line.length || next < count)) {
      if (at == line.length) {
        line = line(next++);
        at = 0;
      }
      int part = Math.min(length - written, line.length - at);
      System.arraycopy(line, at, into, offset + written, part);
      at += part;
      written += part;
    }
    read += written;
    return written == 0 ? -1 : written;
  }

  private byte[] line(int number) {
    String noise =
        random
            .ints(padding, 'A', 'z')
            .mapToObj(c -> c == '\\' ? "_" : String.valueOf((char) c))
            .collect(Collectors.joining());
    return utf8(
        event(
                "e%08d".formatted(number),
                "{\"orderId\":\"%08d\",\"total\":12.50,\"note\":\"%s\"}".formatted(number, noise))
            + "\n");
  }
}
