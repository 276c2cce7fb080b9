package dev.millrace.chaos.load;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes one stream's events in their order, as fast as it is told, through any fault. */
public final class Load implements AutoCloseable {
  static final String NUMBER = "number";
  private static final int A_SECOND_IN_STEPS = 50;

  private final String topic;
  private final long seed;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<Long, Place> acknowledged = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long next;
  private volatile boolean running;
  private @Nullable Thread thread;

  /** Where an event lies. */
  public record Place(int partition, long offset) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingInt(Place::partition).thenComparingLong(Place::offset);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  public Load(Map<String, Object> kafka, String topic, long seed) {
    this.topic = topic;
    this.seed = seed;
    Map<String, Object> settings = new HashMap<>(kafka);
    // It waits for a broker that is down, and neither drops nor repeats an event.
    settings.putAll(
        Map.of(
            "acks", "all",
            "enable.idempotence", true,
            "delivery.timeout.ms", 180_000,
            "request.timeout.ms", 5_000,
            "max.block.ms", 120_000,
            "linger.ms", 5,
            "reconnect.backoff.max.ms", 500));
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Publishes from now on, until {@link #stop}. */
  public void start(int eventsPerSecond) {
    running = true;
    thread = Thread.ofPlatform().name("load").daemon().start(() -> run(eventsPerSecond));
  }

  /** Publishes so many, and returns when the broker has them. */
  public void publish(long events) {
    for (long i = 0; i < events; i++) {
      send();
    }
    flush();
  }

  /** Ends publishing; returns when the broker has all. */
  public void stop() {
    running = false;
    Thread publishing = thread;
    if (publishing != null) {
      join(publishing);
      thread = null;
    }
    flush();
  }

  /** Numbers of events and where the broker said they lie; -1 where it did not say. */
  public Map<Long, Place> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  @Override
  public void close() {
    running = false;
    producer.close(Duration.ZERO);
  }

  private void run(int eventsPerSecond) {
    long begun = System.nanoTime();
    for (long step = 1; running; step++) {
      for (int i = 0; i < eventsPerSecond / A_SECOND_IN_STEPS && running; i++) {
        send();
      }
      long due = begun + step * (1_000_000_000L / A_SECOND_IN_STEPS);
      sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
    }
  }

  private void send() {
    Event event = Event.of(seed, next);
    List<Header> headers =
        List.of(new RecordHeader(NUMBER, ByteBuffer.allocate(8).putLong(next).array()));
    next++;
    try {
      producer.send(
          new ProducerRecord<>(topic, null, event.recordKey(), event.value(), headers),
          (place, e) -> {
            if (e == null) {
              acknowledged.put(event.number(), new Place(place.partition(), place.offset()));
            } else {
              failure.compareAndSet(null, e);
            }
          });
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void flush() {
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("an event could not be published", failed);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      running = false;
    }
  }
}
