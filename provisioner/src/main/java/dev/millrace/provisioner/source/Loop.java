package dev.millrace.provisioner.source;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A thread that follows a topic by a consumer of its own, for ever: when the consumer fails, a new
 * one begins from the start after a second.
 */
public final class Loop<K, V> implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Loop.class);
  private static final long PAUSE_MILLIS = 1000;

  /** Of a consumer that is asked for nothing but what comes next. */
  static final Duration NOTHING_ELSE_ASKED = Duration.ofSeconds(5);

  /** What is done with the consumer; returns when {@link #isClosing}. */
  public interface Follow<K, V> {
    void follow(Consumer<K, V> consumer);
  }

  private final String name;
  private final Supplier<? extends Consumer<K, V>> open;
  private final Follow<K, V> follow;
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable Consumer<K, V> current;

  public Loop(String name, Supplier<? extends Consumer<K, V>> open, Follow<K, V> follow) {
    this.name = name;
    this.open = open;
    this.follow = follow;
    this.thread = Thread.ofPlatform().name("worker-" + name).daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  public boolean isClosing() {
    return closing;
  }

  /** Ends a poll that is under way with a {@link WakeupException}. */
  public void wake() {
    Consumer<K, V> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  private void run() {
    while (!closing) {
      try {
        once();
      } catch (WakeupException e) {
        LOG.debugf("woken loop=%s", name);
      } catch (KafkaException e) {
        LOG.warnf("kafka failed, goes on loop=%s: %s", name, e.toString());
        pause();
      } catch (RuntimeException e) {
        LOG.errorf(e, "a fault of ours, goes on loop=%s", name);
        pause();
      }
    }
  }

  private void once() {
    Consumer<K, V> consumer = open.get();
    try {
      current = consumer;
      if (!closing) {
        follow.follow(consumer);
      }
    } finally {
      current = null;
      // Whoever is of a group says so on leaving; another would wait for a fetch of no use.
      consumer.close(
          CloseOptions.timeout(
              consumer.subscription().isEmpty() ? Duration.ZERO : Duration.ofMillis(800)));
    }
  }

  private void pause() {
    try {
      synchronized (this) {
        if (!closing) {
          wait(PAUSE_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      closing = true;
    }
  }

  /** Lets it end; returns at once. */
  public void stop() {
    closing = true;
    synchronized (this) {
      notifyAll();
    }
    wake();
  }

  /** Returns when it has ended, within two seconds whatever the cluster does. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
