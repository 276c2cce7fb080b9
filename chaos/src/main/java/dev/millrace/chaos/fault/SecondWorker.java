package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.platform.Signals;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.outside.Eventually;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of two workers is hit while it has partitions of every subscription. */
final class SecondWorker implements Kind {
  /** The longest session that a worker asks for is 6 s. */
  private static final long LONGER_THAN_SESSION = 8_000;

  private final String name;
  private final Blow blow;
  private @Nullable Process worker;

  interface Blow {
    void hit(Process worker, Random random) throws Exception;
  }

  SecondWorker(String name, Blow blow) {
    this.name = name;
    this.blow = blow;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void prepare(Scene scene) throws Exception {
    Process started = scene.site().platform().startWorker();
    worker = started;
    String id = "worker-" + started.pid();
    for (Need need : Need.values()) {
      Eventually.await(
          id + " has partitions of " + need,
          Duration.ofSeconds(120),
          () -> scene.workers(need).contains(id));
    }
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    Process hit = Objects.requireNonNull(worker);
    if (!hit.isAlive()) {
      throw new FaultMissed("the second worker had ended by itself");
    }
    blow.hit(hit, random);
  }

  @Override
  public void after(Scene scene) throws Exception {
    Process left = worker;
    if (left == null) {
      return;
    }
    worker = null;
    left.destroy();
    if (!left.waitFor(15, TimeUnit.SECONDS)) {
      left.destroyForcibly().waitFor();
    }
  }

  static void kill(Process worker, Random random) throws InterruptedException {
    worker.destroyForcibly().waitFor();
  }

  /** When it goes on, it believes that its partitions are still its own. */
  static void freeze(Process worker, Random random) throws Exception {
    Signals.freezeTree(worker.pid());
    try {
      Thread.sleep(LONGER_THAN_SESSION + random.nextInt(3000));
    } finally {
      Signals.thawTree(worker.pid());
    }
  }
}
