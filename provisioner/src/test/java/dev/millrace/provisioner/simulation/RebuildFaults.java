package dev.millrace.provisioner.simulation;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import java.util.List;
import java.util.Optional;

/** Rebuilds, and what strikes them. Whatever is not said to be for good heals by itself. */
final class RebuildFaults {
  private final Simulation simulation;
  private final World world;
  private final boolean destructive;
  private int tokens;

  RebuildFaults(Simulation simulation, World world, boolean destructive) {
    this.simulation = simulation;
    this.world = world;
    this.destructive = destructive;
  }

  /** Returns what it was. */
  String strike() {
    return switch (world.any(23)) {
      case 0, 1, 2 -> rebuild();
      case 3, 4, 5, 6 -> redefine();
      case 7 -> cancel();
      case 8 -> replace();
      case 9, 10, 11, 12 -> killController();
      case 13 -> swapsLate();
      case 14 -> swapRefused();
      case 15 -> plansLate();
      case 16 -> planAnswersLost();
      case 17 -> storeSetBackBeforeSwap();
      case 18 -> tamper();
      case 19, 20, 21 -> grow();
      default -> killHolders();
    };
  }

  private <T> Optional<T> any(List<T> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(world.any(all.size())));
  }

  private Optional<PipelinePlan> shadow(Subscription of) {
    return simulation.definitions().newest(of.shadowName);
  }

  private Optional<PipelinePlan> live(Subscription of) {
    return simulation.definitions().newest(of.name);
  }

  /** One that is being rebuilt, if there is any. */
  private Optional<Subscription> rebuilt() {
    return any(
        simulation.subscriptions().stream().filter(each -> shadow(each).isPresent()).toList());
  }

  private Optional<Subscription> rebuiltOrAny() {
    return rebuilt().or(() -> any(simulation.subscriptions()));
  }

  private void later(long nanos, Runnable what) {
    world.after(World.any(world, nanos), what);
  }

  private String rebuild() {
    any(simulation.subscriptions())
        .ifPresent(each -> {
          each.token = "token" + tokens++;
          simulation.changed(each);
        });
    return "rebuild-asked";
  }

  private String redefine() {
    any(simulation.subscriptions()).ifPresent(this::redefine);
    return "redefined";
  }

  private void redefine(Subscription of) {
    of.shape = of.shape.another(world);
    world.trace(() -> of.name + " wants " + of.shape);
    simulation.changed(of);
  }

  /** The product's schema has one more field, and this one takes all there are. */
  private String grow() {
    any(simulation.subscriptions().stream()
            .filter(each -> each.shape.added().size() < Shape.MOST_ADDED)
            .toList())
        .ifPresent(each -> {
          each.shape = each.shape.grown();
          world.trace(() -> each.name + " wants " + each.shape);
          simulation.changed(each);
        });
    return "schema-grown";
  }

  private String cancel() {
    rebuilt()
        .ifPresent(each ->
            live(each)
                .ifPresent(live -> {
                  each.wantsAgain(live);
                  simulation.changed(each);
                }));
    return "rebuild-cancelled";
  }

  private String replace() {
    rebuilt().ifPresent(this::redefine);
    return "rebuild-replaced";
  }

  private String killController() {
    simulation.controller().kill();
    return "controller-killed";
  }

  private String swapsLate() {
    rebuiltOrAny()
        .ifPresent(each -> {
          each.store.swapsLate = true;
          later(20 * World.SECONDS, () -> each.store.swapsLate = false);
        });
    return "swap-answer-lost";
  }

  private String swapRefused() {
    boolean passing = world.chance(0.5);
    rebuiltOrAny()
        .ifPresent(each -> {
          each.store.refusal =
              passing
                  ? new StoreProblem("TableLocked", "locked", "wait", true)
                  : new StoreProblem("RebuildBlocked", "a view", "drop it", false);
          later(20 * World.SECONDS, () -> each.store.refusal = null);
        });
    return passing ? "table-locked" : "swap-blocked";
  }

  private String plansLate() {
    any(simulation.workers())
        .ifPresent(worker -> worker.plansAreLate(World.any(world, 5 * World.SECONDS)));
    return "plans-late";
  }

  private String planAnswersLost() {
    simulation.definitions().answersLost = 0.5;
    later(4 * World.SECONDS, () -> simulation.definitions().answersLost = 0);
    return "plan-answers-lost";
  }

  private String storeSetBackBeforeSwap() {
    any(simulation.subscriptions()).ifPresent(each -> each.store.restoreBeforeSwap());
    remedySetBack();
    return "store-set-back-before-swap";
  }

  /** What the docs say of a store that was set back to before a rebuild. */
  void remedySetBack() {
    for (Subscription each : simulation.subscriptions()) {
      if (isBehind(each)) {
        later(8 * World.SECONDS, () -> remedySetBack(each));
      }
    }
  }

  private boolean isBehind(Subscription of) {
    return live(of)
        .map(live ->
            of.store.wentOnWithout(live)
                || of.table().stream()
                    .flatMap(table -> table.cursors().values().stream())
                    .anyMatch(cursor -> cursor.definition() < live.builtAt()))
        .orElse(false);
  }

  private void remedySetBack(Subscription of) {
    if (of.deleting || !isBehind(of)) {
      return;
    }
    if (world.chance(0.7)) {
      of.store.restoreAfterSwap();
    } else if (simulation.subscriptions().size() > 2 || !destructive) {
      of.deleting = true;
      simulation.changed(of);
      simulation.subscribe();
    }
  }

  /** Before it is compared, for nobody looks again. */
  private String tamper() {
    rebuilt()
        .flatMap(this::shadow)
        .ifPresent(shadow -> {
          Subscription of = simulation.subscription(shadow);
          if (shadow.holdAt() == null
              && of.store.table(shadow.uid()).isPresent()
              && !simulation.controller().isCompared(shadow)) {
            of.store.tamper(shadow.uid());
          }
        });
    return "shadow-tampered";
  }

  /** Of those that stand still for a swap, while they do. */
  private String killHolders() {
    boolean held = rebuilt().flatMap(this::shadow).map(plan -> plan.holdAt() != null).orElse(false);
    if (held || world.chance(0.3)) {
      any(simulation.workers())
          .ifPresent(worker -> {
            if (world.chance(0.5)) {
              worker.die();
              simulation.begin();
            } else {
              worker.pause();
              later(4 * World.SECONDS, worker::resume);
            }
            later(2 * World.SECONDS, simulation::rebalance);
          });
    }
    return "holder-struck";
  }
}
