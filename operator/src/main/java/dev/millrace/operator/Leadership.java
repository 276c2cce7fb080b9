package dev.millrace.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * One of several replicas is at work, by a Lease. Nothing is read before it is this one's turn:
 * what the others wrote meanwhile is part of it. Who lost the Lease has to end, for another may be
 * at work by now.
 */
public final class Leadership implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Leadership.class);
  private static final String LEASE = "millrace-operator";

  /** After this time another may begin; a replica that ends well gives it back at once. */
  private static final Duration LASTS = Duration.ofSeconds(10);

  private static final Duration RENEWED_WITHIN = Duration.ofSeconds(7);

  /**
   * Each time it is read and written: what is at rest should ask for less than one thing a second.
   */
  private static final Duration RETRIED = Duration.ofSeconds(3);

  private static final Duration WATCHED = Duration.ofMillis(250);

  private final Runnable lost;
  private final AtomicBoolean leads = new AtomicBoolean();
  private final AtomicBoolean decided = new AtomicBoolean();

  /** When the request was sent that last made or kept it this replica's, by {@code nanoTime}. */
  private final AtomicLong renewed = new AtomicLong();

  private final CompletableFuture<?> race;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("operator-lease").daemon().factory());

  private Leadership(
      KubernetesClient client, String namespace, String replica, Runnable begin, Runnable lost) {
    this.lost = lost;
    LeaderElector elector =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(LEASE)
                    .withLock(new TimedLock(namespace, replica))
                    .withLeaseDuration(LASTS)
                    .withRenewDeadline(RENEWED_WITHIN)
                    .withRetryPeriod(RETRIED)
                    .withReleaseOnCancel()
                    .withLeaderCallbacks(
                        new LeaderCallbacks(
                            () -> begins(begin),
                            this::ends,
                            leader -> {
                              LOG.infof("leader=%s replica=%s", leader, replica);
                              decided.set(true);
                            }))
                    .build())
            .build();
    this.race = elector.start();
    // Whatever it dies of.
    CompletableFuture<?> unused = race.whenComplete((end, problem) -> ends());
    var always =
        watch.scheduleAtFixedRate(
            this::look, WATCHED.toMillis(), WATCHED.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Knows when it was last successful. */
  private final class TimedLock extends LeaseLock {
    TimedLock(String namespace, String replica) {
      super(namespace, LEASE, replica);
    }

    @Override
    public synchronized void create(KubernetesClient client, LeaderElectionRecord leader) {
      long sent = System.nanoTime();
      super.create(client, leader);
      renewed.set(sent);
    }

    @Override
    public synchronized void update(KubernetesClient client, LeaderElectionRecord leader) {
      long sent = System.nanoTime();
      super.update(client, leader);
      renewed.set(sent);
    }
  }

  /**
   * Returns at once.
   *
   * @param replica another name for each
   * @param begin called once, in a thread of its own, when it is this one's turn
   * @param lost called once when it is not any more, after {@link #close} too; not when it never
   *     was
   */
  public static Leadership race(
      KubernetesClient client, String namespace, String replica, Runnable begin, Runnable lost) {
    return new Leadership(client, namespace, replica, begin, lost);
  }

  /** Whether it is this one's turn. */
  public boolean leads() {
    return leads.get();
  }

  /** Whether it is known whose turn it is. */
  public boolean isDecided() {
    return decided.get();
  }

  private void begins(Runnable begin) {
    leads.set(true);
    Thread unused = Thread.ofPlatform().name("operator-leader").start(begin);
  }

  /** The elector waits for an answer that may not come, and looks at its watch afterwards. */
  private void look() {
    if (leads.get() && System.nanoTime() - renewed.get() > RENEWED_WITHIN.toNanos()) {
      ends();
    }
  }

  private void ends() {
    if (leads.compareAndSet(true, false)) {
      lost.run();
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
    race.cancel(true);
  }
}
