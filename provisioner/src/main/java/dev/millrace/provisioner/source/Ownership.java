package dev.millrace.provisioner.source;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Which partitions are this worker's, as the pool's consumer group says. Nothing is read through
 * the group and no offset committed: it only keeps two workers from doing the same work. That they
 * never both write is the store's compare-and-set alone.
 */
public final class Ownership implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Ownership.class);

  /** A worker that was killed is missed after this long. */
  private static final int SHORT_SESSION = 3000;

  /** The least that a broker with default settings permits. */
  private static final int LONG_SESSION = 6000;

  private static final Duration FORBIDDEN_FOR = Duration.ofSeconds(15);

  private final Clients clients;
  private final String worker;
  private final String group;
  private final java.util.function.Consumer<Set<TopicPartition>> changed;
  private final Loop<byte[], byte[]> loop;
  private final Set<TopicPartition> owned = new HashSet<>();
  private volatile Set<String> topics = Set.of();
  private Set<String> forbidden = Set.of();
  private long forbiddenAt;
  private volatile int sessionMillis = SHORT_SESSION;

  /**
   * @param changed given all partitions that are owned now, from the group's own thread
   */
  public Ownership(
      Clients clients,
      String worker,
      String group,
      java.util.function.Consumer<Set<TopicPartition>> changed) {
    this.clients = clients;
    this.worker = worker;
    this.group = group;
    this.changed = changed;
    this.loop = new Loop<>("ownership", this::open, this::follow);
  }

  public void start() {
    loop.start();
  }

  /** Takes part in sharing these topics from now on. From any thread. */
  public void share(Set<String> wanted) {
    if (!topics.equals(wanted)) {
      topics = Set.copyOf(wanted);
      loop.wake();
    }
  }

  private KafkaConsumer<byte[], byte[]> open() {
    return clients.memberConsumer(worker, group, sessionMillis);
  }

  private void follow(Consumer<byte[], byte[]> member) {
    try {
      takePart(member);
    } catch (InvalidSessionTimeoutException e) {
      LOG.infof("the broker permits no session of %d ms, taking %d", sessionMillis, LONG_SESSION);
      sessionMillis = LONG_SESSION;
    } catch (TopicAuthorizationException e) {
      LOG.warnf("not permitted topics=%s", e.unauthorizedTopics());
      forbidden = Set.copyOf(e.unauthorizedTopics());
      forbiddenAt = System.nanoTime();
    } finally {
      lost(owned);
    }
  }

  private void takePart(Consumer<byte[], byte[]> member) {
    ConsumerRebalanceListener listener = new Listener(member);
    Set<String> joined = Set.of();
    while (!loop.isClosing()) {
      Set<String> wanted = permitted();
      if (!wanted.equals(joined)) {
        member.subscribe(wanted, listener);
        joined = wanted;
      }
      try {
        if (joined.isEmpty()) {
          pause();
        } else {
          member.poll(Duration.ofSeconds(1));
        }
      } catch (WakeupException e) {
        LOG.debug("woken to look at the topics again");
      }
    }
  }

  /** One topic that may not be read must not keep the others from being shared. */
  private Set<String> permitted() {
    if (System.nanoTime() - forbiddenAt > FORBIDDEN_FOR.toNanos()) {
      forbidden = Set.of();
    }
    Set<String> wanted = new HashSet<>(topics);
    wanted.removeAll(forbidden);
    return wanted;
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lost(Collection<TopicPartition> partitions) {
    owned.removeAll(Set.copyOf(partitions));
    changed.accept(Set.copyOf(owned));
  }

  private final class Listener implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> member;

    Listener(Consumer<byte[], byte[]> member) {
      this.member = member;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      member.pause(partitions);
      owned.addAll(partitions);
      changed.accept(Set.copyOf(owned));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      lost(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      lost(partitions);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
