package dev.millrace.catalog.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millrace.api.problem.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the events of one request, and sends on those that may pass. Used by one thread. */
final class Intake {
  static final int LARGEST_EVENT = 1024 * 1024;

  /** A batch is read whole: its answer names each event, so it must be small anyway. */
  static final int LARGEST_BATCH = 8 * 1024 * 1024;

  private static final Finding TOO_LARGE =
      new Finding(
          "",
          "EventTooLarge",
          "the event is larger than 1 MiB",
          "Keep the large part elsewhere and send its address.");
  private static final Finding NOT_BATCH =
      new Finding(
          "",
          "NotBatch",
          "a batch is one JSON array of CloudEvents",
          "Send [event, …], or one event with Content-Type application/cloudevents+json.");

  private final Admission admission;
  private final Publishing publishing;
  private long index;

  Intake(Admission admission, Publishing publishing) {
    this.admission = admission;
    this.publishing = publishing;
  }

  /** One event a line. Reads on only as fast as the broker takes them. */
  Receipt bulk(InputStream body) throws IOException, SourceUnavailable, SchemaUnusable {
    Lines lines = new Lines(body, LARGEST_EVENT);
    Reading reading = line(lines);
    while (lines.advance()) {
      take(lines.number(), reading);
    }
    return publishing.complete();
  }

  /**
   * @throws EventRefused the body as a whole is no JSON array; nothing has been published
   */
  Receipt batch(byte[] body) throws EventRefused, SourceUnavailable, SchemaUnusable {
    for (Reading reading : elements(body)) {
      take(null, reading);
    }
    return publishing.complete();
  }

  Receipt structured(byte[] body) throws SourceUnavailable, SchemaUnusable {
    take(null, () -> StructuredEvent.read(body, 0, body.length));
    return publishing.complete();
  }

  Receipt binary(Map<String, List<String>> headers, byte[] body)
      throws SourceUnavailable, SchemaUnusable {
    take(null, () -> BinaryEvent.read(headers, body));
    return publishing.complete();
  }

  /** One event read, or why it could not be. */
  @FunctionalInterface
  private interface Reading {
    Incoming read() throws EventRefused;
  }

  private void take(@Nullable Long line, Reading reading) throws SourceUnavailable, SchemaUnusable {
    try {
      Incoming incoming = reading.read();
      publishing.send(index, line, incoming.event().getId(), admission.admit(incoming));
    } catch (EventRefused e) {
      publishing.outcome().refused(index, line, e.id().orElse(null), e.findings());
    }
    index++;
  }

  private static Reading line(Lines lines) {
    return () -> {
      if (lines.isTooLong()) {
        throw new EventRefused(null, TOO_LARGE);
      }
      return StructuredEvent.read(lines.buffer(), lines.from(), lines.to());
    };
  }

  private static List<Reading> elements(byte[] body) throws EventRefused {
    List<Reading> elements = new ArrayList<>();
    try (JsonParser parser = EventJson.parser(body, 0, body.length)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new EventRefused(null, NOT_BATCH);
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(element(parser, body));
      }
      if (parser.nextToken() != null) {
        throw new EventRefused(null, NOT_BATCH);
      }
      return elements;
    } catch (IOException e) {
      throw new EventRefused(null, EventJson.finding("", e));
    }
  }

  private static Reading element(JsonParser parser, byte[] body) throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    try {
      Incoming incoming = StructuredEvent.read(parser, body, 0);
      if (parser.currentLocation().getByteOffset() - start > LARGEST_EVENT) {
        throw new EventRefused(incoming.event().getId(), TOO_LARGE);
      }
      return () -> incoming;
    } catch (EventRefused e) {
      return () -> {
        throw e;
      };
    }
  }
}
