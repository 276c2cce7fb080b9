package dev.millrace.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private static final Duration LASTS = Duration.ofSeconds(8);

  private static final Duration RENEWED_WITHIN = Duration.ofSeconds(5);
  private static final Duration RETRIED = Duration.ofSeconds(1);

  private final Runnable lost;
  private final AtomicBoolean leads = new AtomicBoolean();
  private final CompletableFuture<?> race;

  private Leadership(
      KubernetesClient client, String namespace, String replica, Runnable begin, Runnable lost) {
    this.lost = lost;
    LeaderElector elector =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(LEASE)
                    .withLock(new LeaseLock(namespace, LEASE, replica))
                    .withLeaseDuration(LASTS)
                    .withRenewDeadline(RENEWED_WITHIN)
                    .withRetryPeriod(RETRIED)
                    .withReleaseOnCancel()
                    .withLeaderCallbacks(
                        new LeaderCallbacks(
                            () -> begins(begin),
                            this::ends,
                            leader -> LOG.infof("leader=%s replica=%s", leader, replica)))
                    .build())
            .build();
    this.race = elector.start();
    // Whatever it dies of.
    CompletableFuture<?> unused = race.whenComplete((end, problem) -> ends());
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

  private void begins(Runnable begin) {
    leads.set(true);
    Thread unused = Thread.ofPlatform().name("operator-leader").start(begin);
  }

  private void ends() {
    if (leads.compareAndSet(true, false)) {
      lost.run();
    }
  }

  @Override
  public void close() {
    race.cancel(true);
  }
}
