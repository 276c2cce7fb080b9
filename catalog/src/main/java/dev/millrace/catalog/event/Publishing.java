package dev.millrace.catalog.event;

import dev.millrace.api.problem.Finding;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * The events of one request on their way to the broker, in order. Used by the request's thread
 * only. At most {@value #MOST_IN_FLIGHT} bytes are under way: whoever sends more waits, so that a
 * slow broker slows the client down instead of filling the memory.
 */
final class Publishing {
  static final int MOST_IN_FLIGHT = 4 * 1024 * 1024;

  /** What a record costs beside key and value, about. */
  private static final int OVERHEAD = 256;

  private final Producer<byte[], byte[]> producer;
  private final Outcome outcome;
  private final Duration patience;
  private final Semaphore room = new Semaphore(MOST_IN_FLIGHT);

  Publishing(Producer<byte[], byte[]> producer, Outcome outcome, Duration patience) {
    this.producer = producer;
    this.outcome = outcome;
    this.patience = patience;
  }

  Outcome outcome() {
    return outcome;
  }

  int inFlight() {
    return MOST_IN_FLIGHT - room.availablePermits();
  }

  /**
   * Returns when there was room for it; nobody knows yet whether it arrives.
   *
   * @throws SourceUnavailable this event or an earlier one does not arrive
   */
  void send(long index, @Nullable Long line, String id, ProducerRecord<byte[], byte[]> event)
      throws SourceUnavailable {
    int size = size(event);
    if (!outcome.hasMissing() && takeRoom(index, size)) {
      hand(index, line, id, event, size);
    }
    if (outcome.hasMissing()) {
      outcome.missing(index, new TimeoutException());
      complete();
    }
  }

  /** Waits until it is known of each event what became of it. */
  Receipt complete() throws SourceUnavailable {
    try {
      // The producer gives up on each event after its own patience, so this is no early end.
      if (!room.tryAcquire(MOST_IN_FLIGHT, 2 * patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SourceUnavailable("the event store does not answer", null);
      }
      return outcome.receipt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceUnavailable("the platform is stopping", e);
    }
  }

  private boolean takeRoom(long index, int size) throws SourceUnavailable {
    try {
      if (room.tryAcquire(size, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
      outcome.missing(index, new TimeoutException("no room"));
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceUnavailable("the platform is stopping", e);
    }
  }

  private void hand(
      long index, @Nullable Long line, String id, ProducerRecord<byte[], byte[]> event, int size) {
    try {
      producer.send(
          event,
          (where, problem) -> {
            answered(index, line, id, where, problem);
            room.release(size);
          });
    } catch (KafkaException | IllegalStateException e) {
      room.release(size);
      outcome.missing(index, e);
    }
  }

  private void answered(
      long index,
      @Nullable Long line,
      String id,
      RecordMetadata where,
      @Nullable Exception problem) {
    if (problem == null) {
      outcome.accepted(index, id, where.partition(), where.offset());
    } else if (problem instanceof RecordTooLargeException) {
      outcome.refused(index, line, id, List.of(TOO_LARGE_FOR_BROKER));
    } else {
      outcome.missing(index, problem);
    }
  }

  private static final Finding TOO_LARGE_FOR_BROKER =
      new Finding(
          "",
          "EventTooLarge",
          "the event is larger than the broker takes for this topic",
          "Make it smaller, or raise max.message.bytes of the topic.");

  private static int size(ProducerRecord<byte[], byte[]> event) {
    int value = event.value() == null ? 0 : event.value().length;
    return Math.min(MOST_IN_FLIGHT, value + event.key().length + OVERHEAD);
  }
}
