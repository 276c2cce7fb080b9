package dev.millrace.operator.store;

import dev.millrace.api.Json;
import dev.millrace.api.status.Condition;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreStatus;
import dev.millrace.controller.Sites;
import dev.millrace.operator.cluster.Applying;
import dev.millrace.operator.cluster.Watched;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import dev.millrace.stores.StoreProblem;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says of a Store whether its own server answers, and is as it should be. */
final class Readiness {
  private final Watched<Store> stores;
  private final Sites sites;
  private final Servers servers;
  private final Applying applying;
  private final Clock clock;

  Readiness(Watched<Store> stores, Sites sites, Servers servers, Applying applying, Clock clock) {
    this.stores = stores;
    this.sites = sites;
    this.servers = servers;
    this.applying = applying;
    this.clock = clock;
  }

  /**
   * Written when it is something else.
   *
   * @param refusal why the server cannot be as the class says
   */
  void say(Store about, StoreClassSpec offer, Optional<String> refusal) {
    Store now = stores.find(about.key()).orElse(about);
    List<Condition> before = conditions(now);
    List<Condition> conditions = new ArrayList<>(List.of(ready(now, before)));
    refusal.ifPresent(why ->
        conditions.add(
            turned(
                before,
                new Condition(
                    Condition.Types.DEGRADED,
                    "True",
                    "ServerRefused",
                    "Its server cannot be as its class says: " + why,
                    now.generation(),
                    clock.instant()))));
    if (!conditions.equals(before)) {
      Store status = new Store();
      status.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(now.key().tenant())
              .withName(now.key().name())
              .build());
      status.setStatus(Json.STRICT.valueToTree(sites.at(now.key(), offer, conditions)));
      stores.wrote(applying.applyStatus(status));
    }
  }

  /** What was said by whoever made something there stays, as long as it is so. */
  private Condition ready(Store store, List<Condition> before) {
    boolean up = servers.isUp(store.key());
    Optional<Condition> said = find(before, Condition.Types.READY);
    if (up && said.filter(Condition::isTrue).isPresent()) {
      return turned(before, about(said.get(), store.generation()));
    }
    StoreProblem starting = servers.starting(store.key());
    return turned(
        before,
        new Condition(
            Condition.Types.READY,
            up ? "True" : "False",
            up ? "Provisioned" : starting.code(),
            up ? "Its server answers." : starting.getMessage() + ". " + starting.remedy(),
            store.generation(),
            clock.instant()));
  }

  private static Condition about(Condition said, long generation) {
    return new Condition(
        said.type(),
        said.status(),
        said.reason(),
        said.message(),
        generation,
        said.lastTransitionTime());
  }

  /** Since when it is so. */
  private static Condition turned(List<Condition> before, Condition now) {
    Instant since =
        find(before, now.type())
            .filter(was -> was.status().equals(now.status()))
            .map(Condition::lastTransitionTime)
            .orElse(now.lastTransitionTime());
    return new Condition(
        now.type(), now.status(), now.reason(), now.message(), now.observedGeneration(), since);
  }

  private static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(each -> each.type().equals(type)).findFirst();
  }

  private static List<Condition> conditions(Store store) {
    try {
      return store.status(StoreStatus.class).map(StoreStatus::conditions).orElse(List.of());
    } catch (Kind.Undecodable e) {
      return List.of();
    }
  }
}
