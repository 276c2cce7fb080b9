package dev.millrace.provisioner.simulation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What strikes. Whatever is not said to be for good heals by itself. */
final class Faults {
  private final Simulation simulation;
  private final World world;
  private final SimulatedLog log;
  private final boolean destructive;
  private final boolean rebuilding;
  private final RebuildFaults rebuilds;

  /**
   * @param destructive also what nothing can repair: a pipeline must stop then, and say why
   * @param rebuilding also rebuilds, and what strikes them
   */
  Faults(
      Simulation simulation,
      World world,
      SimulatedLog log,
      boolean destructive,
      boolean rebuilding) {
    this.simulation = simulation;
    this.world = world;
    this.log = log;
    this.destructive = destructive;
    this.rebuilding = rebuilding;
    this.rebuilds = new RebuildFaults(simulation, world, destructive);
  }

  /** Returns what it was. */
  String strike() {
    if (destructive && world.chance(0.06)) {
      return destroy();
    }
    if (rebuilding && world.chance(0.35)) {
      return rebuilds.strike();
    }
    return switch (world.any(destructive ? 27 : 25)) {
      case 0 -> killWorker();
      case 1 -> pauseWorker();
      case 2 -> beginWorker();
      case 3 -> rebalance();
      case 4 -> rebalanceStorm();
      case 5 -> storeAway();
      case 6 -> storeCrashes();
      case 7 -> storeSetBack();
      case 8 -> storeSlow();
      case 9 -> storeFull();
      case 10 -> answersLost();
      case 11 -> connectionsCut();
      case 12 -> brokerAway();
      case 13 -> consumersFail();
      case 14 -> leaderElected();
      case 15 -> markers();
      case 16 -> burst();
      case 17 -> pausePipeline();
      case 18 -> stopPipeline();
      case 19 -> changePolicy();
      case 20 -> subscribe();
      case 21 -> hold();
      case 22, 23 -> correct();
      case 24 -> retract();
      default -> acceptLoss();
    };
  }

  private String destroy() {
    return switch (world.any(10)) {
      case 0, 1, 2, 3 -> truncate();
      case 4, 5 -> deleteRecords();
      case 6, 7 -> deleteAhead();
      case 8 -> loseCursor();
      default -> recreate();
    };
  }

  private <T> Optional<T> any(List<T> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(world.any(all.size())));
  }

  private Optional<SimulatedStore> anyStore() {
    return any(simulation.subscriptions()).map(each -> each.store);
  }

  private void later(long nanos, Runnable what) {
    world.after(World.any(world, nanos), what);
  }

  private String killWorker() {
    any(simulation.workers())
        .ifPresent(worker -> {
          worker.die();
          later(3 * World.SECONDS, simulation::rebalance);
          later(
              World.SECONDS,
              () -> {
                simulation.begin();
                simulation.rebalance();
              });
        });
    return "worker-killed";
  }

  private String pauseWorker() {
    any(simulation.workers())
        .ifPresent(worker -> {
          worker.pause();
          later(3 * World.SECONDS, simulation::rebalance);
          later(6 * World.SECONDS, worker::resume);
        });
    return "worker-frozen";
  }

  private String beginWorker() {
    if (simulation.workers().size() < 4) {
      simulation.begin();
      later(World.SECONDS, simulation::rebalance);
    }
    return "worker-joins";
  }

  private String rebalance() {
    simulation.rebalance();
    return "rebalance";
  }

  private String rebalanceStorm() {
    for (int i = 0; i < 10; i++) {
      later(2 * World.SECONDS, simulation::rebalance);
    }
    return "rebalance-storm";
  }

  private String storeAway() {
    anyStore()
        .ifPresent(store -> {
          store.up = false;
          later(8 * World.SECONDS, () -> store.up = true);
        });
    return "store-away";
  }

  private String storeCrashes() {
    anyStore().ifPresent(SimulatedStore::crash);
    return "store-killed";
  }

  private String storeSetBack() {
    anyStore().ifPresent(SimulatedStore::restore);
    rebuilds.remedySetBack();
    return "store-set-back";
  }

  private String storeSlow() {
    anyStore()
        .ifPresent(store -> {
          store.slow = (1 + world.any(8)) * World.SECONDS;
          later(15 * World.SECONDS, () -> store.slow = 0);
        });
    return "store-slow";
  }

  private String storeFull() {
    anyStore()
        .ifPresent(store -> {
          store.full = true;
          later(4 * World.SECONDS, () -> store.full = false);
        });
    return "store-full";
  }

  private String answersLost() {
    anyStore()
        .ifPresent(store -> {
          store.answersLost = 0.5;
          later(3 * World.SECONDS, () -> store.answersLost = 0);
        });
    return "answers-lost";
  }

  private String connectionsCut() {
    anyStore().ifPresent(SimulatedStore::disconnect);
    return "connections-cut";
  }

  private String brokerAway() {
    log.up = false;
    later(4 * World.SECONDS, () -> log.up = true);
    return "broker-away";
  }

  private String consumersFail() {
    any(simulation.workers()).ifPresent(SimulatedWorker::failLanes);
    return "consumers-fail";
  }

  private String leaderElected() {
    log.elect(world.any(log.partitions.size()));
    return "leader-elected";
  }

  private String markers() {
    int partition = world.any(log.partitions.size());
    for (int i = world.any(4); i >= 0; i--) {
      log.mark(partition);
    }
    return "transaction-markers";
  }

  private String burst() {
    simulation.append(60 + world.any(100));
    return "burst";
  }

  private String pausePipeline() {
    return turn("Paused", "pipeline-paused");
  }

  private String stopPipeline() {
    return turn("Stopped", "pipeline-stopped");
  }

  private String turn(String state, String name) {
    any(simulation.subscriptions())
        .ifPresent(each -> {
          each.state = state;
          simulation.changed(each);
          later(
              5 * World.SECONDS,
              () -> {
                each.state = "Running";
                simulation.changed(each);
              });
        });
    return name;
  }

  private String hold() {
    any(simulation.subscriptions())
        .ifPresent(each -> {
          simulation.hold(each, log.ends(each.start.keySet(), world.any(20)));
          later(5 * World.SECONDS, () -> simulation.controller().takeUp(each));
        });
    return "pipeline-held";
  }

  private String changePolicy() {
    any(simulation.subscriptions())
        .ifPresent(each -> {
          each.onError(world.chance(0.5) ? "DeadLetter" : "Skip");
          simulation.changed(each);
        });
    return "policy-changed";
  }

  private String subscribe() {
    if (simulation.subscriptions().size() < 8) {
      simulation.subscribe();
    }
    return "subscribed";
  }

  /** Of some dead letters of one subscription at once, as people do who have found the cause. */
  private String correct() {
    any(simulation.subscriptions().stream().filter(each -> !dead(each).isEmpty()).toList())
        .ifPresent(each -> {
          List<String> dead = dead(each);
          for (int i = world.any(3); i >= 0; i--) {
            simulation.correct(each, dead.get(world.any(dead.size())), fix());
          }
        });
    return "corrected";
  }

  /**
   * What may be corrected. What a shadow skips, having heard of no correction, is no dead letter
   * there, and no later correction finds it.
   */
  private static List<String> dead(Subscription of) {
    Stream<String> dead = of.table().stream().flatMap(table -> table.dead().stream());
    return of.policies.contains("Skip")
        ? dead.filter(at ->
                of.store.uids().stream()
                    .flatMap(uid -> of.store.table(uid).stream())
                    .allMatch(table -> table.dead().contains(at)))
            .toList()
        : dead.toList();
  }

  private Subscription.Fix fix() {
    int which = world.any(10);
    return new Subscription.Fix(
        which < 6 ? SimulatedLog.Kind.GOOD : which < 8 ? SimulatedLog.Kind.BROKEN : null,
        world.any(100),
        log.anotherId());
  }

  private String retract() {
    if (simulation.subscriptions().size() > 2) {
      any(simulation.subscriptions())
          .ifPresent(each -> {
            each.deleting = true;
            simulation.changed(each);
          });
    }
    return "retracted";
  }

  private String truncate() {
    int number = world.any(log.partitions.size());
    SimulatedLog.Partition partition = log.partitions.get(number);
    long lost = Math.min(world.any(30), partition.end - partition.start);
    log.truncate(number, partition.end - lost);
    world.trace(
        () -> "partition " + number + " ends at " + partition.end + ", epoch " + partition.epoch);
    if (world.chance(0.5)) {
      simulation.append(60 + world.any(100));
    }
    if (world.chance(0.5)) {
      simulation.workers().forEach(SimulatedWorker::die);
      simulation.begin();
      simulation.rebalance();
    }
    return "log-truncated";
  }

  private String deleteRecords() {
    int number = world.any(log.partitions.size());
    SimulatedLog.Partition partition = log.partitions.get(number);
    long offset = partition.start + World.any(world, partition.end - partition.start + 1);
    if (!simulation.hidesTruncation(number, offset)) {
      log.deleteBefore(number, offset);
    }
    return "records-deleted";
  }

  /**
   * Of a store that is away, some of what it has not got; somebody accepts that, sooner or later.
   */
  private String deleteAhead() {
    any(simulation.subscriptions())
        .ifPresent(each -> {
          each.store.up = false;
          simulation.append(30);
          later(2 * World.SECONDS, () -> each.store.up = true);
          int number = world.any(log.partitions.size());
          SimulatedLog.Partition partition = log.partitions.get(number);
          long most = partition.end - world.any(10);
          if (most > partition.start && !simulation.hidesTruncation(number, most)) {
            log.deleteBefore(number, most);
          }
        });
    return "records-deleted-ahead";
  }

  /** Of all that stand before a loss and say so. */
  private String acceptLoss() {
    long accepted = simulation.subscriptions().stream().filter(simulation::acceptLoss).count();
    return accepted > 0 ? "loss-accepted" : burst();
  }

  private String loseCursor() {
    any(simulation.subscriptions())
        .ifPresent(each ->
            any(List.copyOf(each.store.uids()))
                .ifPresent(uid -> each.store.loseCursor(uid, world.any(log.partitions.size()))));
    return "cursor-lost";
  }

  private String recreate() {
    log.recreate();
    simulation.append(world.any(40));
    return "topic-recreated";
  }
}
