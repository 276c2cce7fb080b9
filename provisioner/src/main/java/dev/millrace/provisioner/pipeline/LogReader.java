package dev.millrace.provisioner.pipeline;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.stores.Cursor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and transforms, in a thread of its own, while the batch before is being written.
 *
 * <p>A batch grows for as long as the writer is busy and is handed over the moment it asks: so an
 * idle pipeline writes one event within milliseconds, and a loaded one writes thousands at once. A
 * full batch waits, and reading with it, which bounds memory.
 */
final class LogReader implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMillis(500);
  private static final Duration QUIET = Duration.ofMillis(5);
  private static final Duration POSITION = Duration.ofSeconds(1);

  private final SourceWatch source;
  private final PipelinePlan.Source topic;
  private final Intake intake;
  private final Map<TopicPartition, OffsetAndMetadata> from;
  private final Consumer<byte[], byte[]> consumer;
  private final Thread thread;

  /** One permit while the writer waits for a batch, so that putting one never blocks. */
  private final Semaphore asked = new Semaphore(0);

  private final BlockingQueue<Intake.Filled> handed = new ArrayBlockingQueue<>(1);
  private boolean waiting;
  private volatile boolean closing;
  private volatile @Nullable Throwable ended;

  LogReader(
      Clients clients, SourceWatch source, PipelinePlan plan, List<Cursor> cursors, Intake intake) {
    this.source = source;
    this.topic = plan.source();
    this.intake = intake;
    this.from =
        cursors.stream()
            .collect(
                Collectors.toMap(
                    cursor -> new TopicPartition(topic.topic(), cursor.partition()),
                    cursor ->
                        new OffsetAndMetadata(cursor.nextOffset(), cursor.leaderEpoch(), "")));
    this.consumer = clients.eventConsumer(Intake.MOST_EVENTS);
    this.thread =
        Thread.ofPlatform().name("read-" + plan.subscription()).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * The next batch, or null when none came in time. Called by the writer's thread only.
   *
   * @throws Blocked when the pipeline has to stop here; all batches before have been handed over
   */
  Intake.@Nullable Filled next(Duration patience)
      throws Blocked, SourceProblem, InterruptedException {
    if (!waiting) {
      asked.release();
      waiting = true;
    }
    // Looked at before the queue: what was handed over last still has to be written.
    Throwable end = ended;
    Intake.Filled filled =
        handed.poll(end == null ? patience.toMillis() : 0, TimeUnit.MILLISECONDS);
    if (filled != null) {
      waiting = false;
    } else if (end != null) {
      throwEnd(end);
    }
    return filled;
  }

  private static void throwEnd(Throwable end) throws Blocked, SourceProblem {
    switch (end) {
      case Blocked blocked -> throw blocked;
      case SourceProblem problem -> throw problem;
      default -> throw new IllegalStateException("reading failed", end);
    }
  }

  private void run() {
    try {
      consumer.assign(from.keySet());
      from.forEach(consumer::seek);
      while (!closing) {
        read();
      }
    } catch (WakeupException closed) {
      closing = true;
    } catch (KafkaException e) {
      ended = explained(e);
    } catch (Throwable e) {
      ended = e;
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ofMillis(200)));
    }
  }

  private Throwable explained(KafkaException e) {
    try {
      return e instanceof OffsetOutOfRangeException range
          ? outOfRange(range)
          : SourceWatch.explain(topic.topic(), e);
    } catch (SourceProblem anotherNow) {
      return anotherNow;
    }
  }

  private Blocked outOfRange(OffsetOutOfRangeException e) throws SourceProblem {
    Map.Entry<TopicPartition, Long> first =
        e.offsetOutOfRangePartitions().entrySet().iterator().next();
    int partition = first.getKey().partition();
    SourceProblem problem =
        e instanceof LogTruncationException
            ? source.diverged(topic, partition, first.getValue())
            : source.outOfRange(topic, partition, first.getValue());
    return new Blocked(Trouble.of(problem), OptionalInt.of(partition));
  }

  private void read() throws Blocked, SourceProblem, InterruptedException {
    source.glance(topic);
    ConsumerRecords<byte[], byte[]> records =
        consumer.poll(intake.hasMoved() ? Duration.ZERO : IDLE);
    takeIn(records);
    from.keySet().forEach(this::reached);
    if (intake.isFull()) {
      handOverFull();
    } else if (intake.hasMoved() && isAsked(records.isEmpty() ? QUIET : Duration.ZERO)) {
      handOver();
    }
  }

  private void takeIn(ConsumerRecords<byte[], byte[]> records)
      throws Blocked, InterruptedException {
    try {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        intake.take(record);
        if (intake.isFull()) {
          handOverFull();
        }
      }
    } catch (Blocked e) {
      if (intake.hasMoved()) {
        handOverFull();
      }
      throw e;
    }
  }

  /** Passes over what was read and is no event: markers of transactions, gaps of compaction. */
  private void reached(TopicPartition partition) {
    try {
      intake.reached(partition.partition(), consumer.position(partition, POSITION));
    } catch (TimeoutException notKnownNow) {
      return;
    }
  }

  private void handOverFull() throws InterruptedException {
    boolean asked = isAsked(IDLE);
    while (!asked && !closing) {
      asked = isAsked(IDLE);
    }
    handOver();
  }

  private void handOver() {
    if (closing) {
      throw new WakeupException();
    }
    handed.add(intake.cut());
  }

  private boolean isAsked(Duration patience) throws InterruptedException {
    return asked.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    // Whoever waits to hand over is let go; nobody takes it.
    asked.release();
    try {
      thread.join(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
