package dev.millrace.provisioner.pipeline;

import dev.millrace.api.ObjectKey;
import dev.millrace.provisioner.report.Standing;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.StoreProblem;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One subscription on this worker: a thread that does the work it is given, and when that fails
 * says why and tries again. So a store that is slow or gone keeps nobody else from theirs.
 */
public final class Pipeline {
  private static final Logger LOG = Logger.getLogger(Pipeline.class);

  private final ObjectKey subscription;
  private final Equipment equipment;
  private final Thread thread;
  private final Retry retry = new Retry();
  private @Nullable Standings standings;
  private String lastReason = "";

  /** Compared by identity: another object is other work. */
  private volatile @Nullable Work wanted;

  private volatile boolean closing;
  private volatile Set<Integer> wipe = Set.of();
  private volatile @Nullable Session session;

  public Pipeline(ObjectKey subscription, Equipment equipment) {
    this.subscription = subscription;
    this.equipment = equipment;
    this.thread = Thread.ofPlatform().name("write-" + subscription).daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** What to do from now on; empty when the partitions are another worker's. Returns at once. */
  public synchronized void assign(Optional<Work> work) {
    if (!work.equals(Optional.ofNullable(wanted))) {
      wanted = work.orElse(null);
      notifyAll();
    }
  }

  /** Stops for good. Returns at once; see {@link #awaitEnd}. */
  public synchronized void close() {
    closing = true;
    wanted = null;
    notifyAll();
  }

  /** Stops because its plan was retracted, and then takes its reports away. Returns at once. */
  public void retract(Set<Integer> partitions) {
    wipe = Set.copyOf(partitions);
    close();
  }

  /**
   * A write that hangs longer than this loses its connection.
   *
   * @return whether the thread has ended
   */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    Session hanging = session;
    if (thread.join(patience)) {
      return true;
    }
    if (hanging != null) {
      hanging.abort();
    }
    return thread.join(Duration.ofMillis(500));
  }

  private void run() {
    try {
      for (Work work = next(); work != null; work = next()) {
        standings = Standings.of(work, standings);
        perform(work, standings);
        if (wanted == null) {
          equipment.board().leave(subscription);
        }
      }
    } catch (InterruptedException e) {
      LOG.debugf("interrupted subscription=%s", subscription);
    }
    equipment.board().leave(subscription);
    if (!wipe.isEmpty()) {
      equipment.board().wipe(subscription, wipe);
    }
  }

  private synchronized @Nullable Work next() throws InterruptedException {
    while (wanted == null && !closing) {
      wait();
    }
    return wanted;
  }

  private void perform(Work work, Standings now) throws InterruptedException {
    switch (work.plan().state()) {
      case "Running" -> keepRunning(work, now);
      case "Paused" -> rest(work, now, Standing.Phase.Paused);
      default -> rest(work, now, Standing.Phase.Stopped);
    }
  }

  private void keepRunning(Work work, Standings now) throws InterruptedException {
    while (wanted == work) {
      Optional<Blocked> blocked = attempt(work, now);
      if (blocked.isPresent() && wanted == work) {
        say(work, now, blocked.get());
        pause(work, retry.after(blocked.get().trouble(), chance()));
      }
    }
  }

  /** Empty when the work is not wanted any more. */
  private Optional<Blocked> attempt(Work work, Standings now) throws InterruptedException {
    try (Session opened = Session.open(work, equipment, now, retry)) {
      session = opened;
      lastReason = "";
      opened.run(() -> wanted == work);
      return Optional.empty();
    } catch (Blocked e) {
      return Optional.of(e);
    } catch (Fenced e) {
      return Optional.of(new Blocked(Trouble.fenced()));
    } catch (StoreProblem e) {
      return Optional.of(new Blocked(Trouble.of(e)));
    } catch (SourceProblem e) {
      return Optional.of(new Blocked(Trouble.of(e)));
    } catch (RuntimeException | Error e) {
      LOG.errorf(e, "a fault of ours subscription=%s", subscription);
      return Optional.of(new Blocked(Trouble.ownFault(e)));
    } finally {
      session = null;
    }
  }

  private void say(Work work, Standings now, Blocked blocked) {
    Trouble trouble = blocked.trouble();
    now.blocked(trouble, blocked.partition());
    equipment.board().show(work.plan(), now.all());
    if (!trouble.code().equals(lastReason)) {
      lastReason = trouble.code();
      LOG.warnf(
          "blocked subscription=%s store=%s reason=%s again=%s: %s",
          subscription,
          work.plan().target().store(),
          trouble.code(),
          trouble.again(),
          trouble.message());
    }
  }

  /** A worker that comes new to a pipeline at rest asks the store where it stands. */
  private void rest(Work work, Standings now, Standing.Phase phase) throws InterruptedException {
    if (now.isKnown()) {
      now.resting(phase);
      equipment.board().show(work.plan(), now.all());
    }
    while (wanted == work && !now.isKnown()) {
      try {
        now.taken(Target.of(work.plan(), equipment).cursors());
        now.resting(phase);
        equipment.board().show(work.plan(), now.all());
      } catch (StoreProblem e) {
        LOG.debugf("cursors not seen subscription=%s reason=%s", subscription, e.code());
        pause(work, retry.after(Trouble.of(e), chance()));
      }
    }
    pause(work, Optional.empty());
  }

  /** Waits until the time is over or other work has come; without a time, for the work alone. */
  private synchronized void pause(Work work, Optional<Duration> time) throws InterruptedException {
    long deadline = System.nanoTime() + time.map(Duration::toNanos).orElse(Long.MAX_VALUE / 4);
    for (long left = 1; wanted == work && left > 0; ) {
      left = (deadline - System.nanoTime()) / 1_000_000;
      if (left > 0) {
        wait(left);
      }
    }
  }

  private static double chance() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
