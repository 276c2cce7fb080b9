package dev.millrace.chaos.fault;

import dev.millrace.chaos.platform.FaultMissed;
import dev.millrace.chaos.platform.WorkerGroup;
import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Scene;
import dev.millrace.outside.Eventually;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Each second a worker joins and another one leaves, in good order or by SIGKILL. A JVM needs
 * longer than a second to come up, so some are always on their way.
 */
final class WorkersComeAndGo implements Kind {
  private static final int LEAVE = 10;

  /** So many leave at most, until some of them had partitions: in a storm most have none. */
  private static final int LEAVE_AT_MOST = 50;

  private static final int LEAVE_WITH_PARTITIONS = 3;
  private static final int AT_ONCE = 4;
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(120);

  private final Deque<Process> workers = new ArrayDeque<>();

  @Override
  public String name() {
    return "workers-come-and-go";
  }

  @Override
  public void prepare(Scene scene) throws Exception {
    try (WorkerGroup group = scene.site().platform().workerGroup()) {
      for (int i = 0; i < AT_ONCE; i++) {
        come(scene);
      }
      for (Process worker : workers) {
        awaitMember(group, worker);
      }
    }
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    Set<String> left = new TreeSet<>();
    int hadWork = 0;
    try (WorkerGroup group = scene.site().platform().workerGroup()) {
      while (left.size() < LEAVE
          || hadWork < LEAVE_WITH_PARTITIONS && left.size() < LEAVE_AT_MOST) {
        long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        come(scene);
        Process leaving = workers.removeFirst();
        awaitMember(group, leaving);
        Map<String, Integer> members = group.members();
        boolean inOrder = random.nextBoolean();
        go(leaving, inOrder);
        left.add(id(leaving));
        int partitions = members.getOrDefault(id(leaving), 0);
        hadWork += partitions > 0 ? 1 : 0;
        scene
            .site()
            .trace()
            .note(
                "%s leaves %s with %d partitions; there were %s"
                    .formatted(id(leaving), inOrder ? "in order" : "killed", partitions, members));
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      }
      // Those on their way are part of the fault.
      for (Process worker : workers) {
        awaitMember(group, worker);
      }
      Eventually.await(
          left + " have left",
          LONG_ENOUGH,
          () -> left.stream().noneMatch(group.members()::containsKey));
    }
    if (hadWork < LEAVE_WITH_PARTITIONS) {
      throw new FaultMissed(left.size() + " left, and only " + hadWork + " of them had partitions");
    }
  }

  @Override
  public void after(Scene scene) throws Exception {
    workers.forEach(Process::destroy);
    while (!workers.isEmpty()) {
      Process worker = workers.removeFirst();
      if (!worker.waitFor(15, TimeUnit.SECONDS)) {
        worker.destroyForcibly().waitFor();
      }
    }
  }

  private void come(Scene scene) throws Exception {
    workers.addLast(scene.site().platform().startWorker());
  }

  private static void awaitMember(WorkerGroup group, Process worker) {
    Eventually.await(
        id(worker) + " joins",
        LONG_ENOUGH,
        () -> {
          if (!worker.isAlive()) {
            throw new Eventually.Never(id(worker) + " ended by itself");
          }
          return group.members().containsKey(id(worker));
        });
  }

  private static void go(Process worker, boolean inOrder) throws InterruptedException {
    if (!worker.isAlive()) {
      throw new FaultMissed(id(worker) + " had ended by itself");
    }
    if (inOrder) {
      worker.destroy();
    } else {
      worker.destroyForcibly().waitFor();
    }
  }

  private static String id(Process worker) {
    return "worker-" + worker.pid();
  }
}
