package dev.millrace.operator.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import dev.millrace.needs.access.AccessRequests;
import dev.millrace.needs.access.AccessRequests.Asked;
import dev.millrace.needs.access.Grant;
import dev.millrace.needs.check.Checked;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.check.NeedCheck;
import dev.millrace.needs.check.ProductCheck;
import dev.millrace.needs.check.Surroundings;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.operator.access.Approvals;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.DataProduct;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.Store;
import dev.millrace.operator.store.ClusterOffers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** From what was applied to needs. Safe to share between threads. */
final class Needs {
  private final Cluster cluster;
  private final ClusterOffers offers;
  private final Approvals approvals;

  /** The last that was right: its pipeline may run, and must be cleaned up after. */
  private final Map<ObjectKey, Need> right = new ConcurrentHashMap<>();

  private final Map<ObjectKey, Asked> permissions = new ConcurrentHashMap<>();
  private final Set<ObjectKey> narrowed = ConcurrentHashMap.newKeySet();

  Needs(Cluster cluster, ClusterOffers offers, Approvals approvals) {
    this.cluster = cluster;
    this.approvals = approvals;
    this.offers = offers;
  }

  Judgement judge(DataSubscription subscription) {
    DataSubscriptionSpec spec;
    try {
      spec = subscription.spec(DataSubscriptionSpec.class);
    } catch (Kind.Undecodable e) {
      return Judgement.wrong(
          List.of(
              new Finding(
                  "/spec",
                  "Undecodable",
                  String.valueOf(e.getMessage()),
                  "Correct it and apply it.")));
    }
    Surroundings around =
        new Surroundings(products(), offers.all(), stores(subscription), Optional.of(spec));
    Judgement judgement = judge(subscription, spec, around);
    judgement.need().ifPresent(need -> keep(need, judgement.access()));
    return judgement;
  }

  private Judgement judge(
      DataSubscription subscription, DataSubscriptionSpec spec, Surroundings around) {
    // As if all were granted: so it can be said what has to be asked for.
    Checked checked = NeedCheck.check(subscription.key(), spec, around.granted(Grant.ALL));
    if (checked.need().isEmpty()) {
      return Judgement.wrong(checked.findings());
    }
    Need need = checked.need().get();
    if (!AccessRequests.isAsked(subscription.key(), need.product(), need.productSpec())) {
      return new Judgement(List.of(), checked.need(), Optional.empty());
    }
    String uid = subscription.getMetadata().getUid();
    EventSchema schema = ProductCheck.readable(need.productSpec()).orElseThrow();
    AccessRequestSpec wanted =
        AccessRequests.wanted(
            subscription.key(), uid, spec, need.product(), need.columns(), schema);
    List<Asked> all = approvals.of(need.product(), uid);
    List<Asked> approved = AccessRequests.approved(wanted, all, need.productSpec());
    if (approved.isEmpty()) {
      Judgement.Access access =
          new Judgement.Access(need.product(), wanted, AccessRequests.exactly(wanted, all));
      return new Judgement(
          List.of(Permissions.refusal(access)), Optional.empty(), Optional.of(access));
    }
    List<Judgement> judgements =
        approved.stream()
            .map(each ->
                granted(
                    subscription.key(),
                    spec,
                    around,
                    new Judgement.Access(need.product(), wanted, Optional.of(each)),
                    schema))
            .toList();
    return judgements.stream()
        .filter(each -> each.need().isPresent())
        .findFirst()
        .orElse(judgements.get(0));
  }

  /** By one that was approved. */
  private static Judgement granted(
      ObjectKey subscription,
      DataSubscriptionSpec spec,
      Surroundings around,
      Judgement.Access access,
      EventSchema schema) {
    AccessRequestSpec request = access.answer().orElseThrow().spec();
    Optional<Grant> grant = AccessRequests.grant(request, schema);
    if (grant.isEmpty()) {
      return new Judgement(
          List.of(Permissions.unclear(access, AccessRequests.mistakes(request, schema))),
          Optional.empty(),
          Optional.of(access));
    }
    Checked checked = NeedCheck.check(subscription, spec, around.granted(grant.get()));
    return new Judgement(checked.findings(), checked.need(), Optional.of(access));
  }

  /**
   * Why what runs may not go on, whatever the subscription asks for by now; empty when it may: what
   * is granted goes as far, or nobody had to be asked when it began, and nobody has said no since.
   *
   * @param wasPermitted it began because somebody permitted it
   */
  Optional<Permissions.End> end(
      DataSubscription subscription, PipelinePlan running, boolean wasPermitted) {
    ObjectKey key = running.source().product();
    List<Asked> all = approvals.of(key, subscription.getMetadata().getUid());
    boolean isRefused = all.stream().anyMatch(each -> each.phase().isRefusal());
    Optional<DataProductSpec> product =
        cluster.products().find(key).flatMap(each -> spec(each, DataProductSpec.class));
    Optional<EventSchema> schema = product.flatMap(ProductCheck::readable);
    if (product.isPresent() && !AccessRequests.isAsked(subscription.key(), key, product.get())) {
      return Optional.empty();
    }
    // Of a product that cannot be read nobody knows what is in it, but who said no.
    boolean goesOn =
        schema.isEmpty()
            ? !isRefused
            : AccessRequests.permit(running, all, product.get(), schema.get())
                || (!wasPermitted && !isRefused);
    return goesOn ? Optional.empty() : Optional.of(Permissions.end(key, all));
  }

  /** How its product's owner came to permit it, where that was asked; since this process began. */
  Optional<Asked> permission(ObjectKey subscription) {
    return Optional.ofNullable(permissions.get(subscription));
  }

  /** What runs is more than is granted, and is being built anew. */
  void narrowed(ObjectKey subscription, boolean so) {
    if (so) {
      narrowed.add(subscription);
    } else {
      narrowed.remove(subscription);
    }
  }

  boolean isNarrowed(ObjectKey subscription) {
    return narrowed.contains(subscription);
  }

  private void keep(Need need, Optional<Judgement.Access> access) {
    keep(need);
    access
        .flatMap(Judgement.Access::answer)
        .ifPresentOrElse(
            answer -> permissions.put(need.subscription(), answer),
            () -> permissions.remove(need.subscription()));
  }

  void keep(Need need) {
    right.put(need.subscription(), need);
  }

  /** What was right last, since this process began. */
  Optional<Need> before(ObjectKey subscription) {
    return Optional.ofNullable(right.get(subscription));
  }

  void forget(ObjectKey subscription) {
    right.remove(subscription);
    permissions.remove(subscription);
    narrowed.remove(subscription);
  }

  private Map<ObjectKey, DataProductSpec> products() {
    Map<ObjectKey, DataProductSpec> products = new TreeMap<>();
    for (DataProduct product : cluster.products().all()) {
      spec(product, DataProductSpec.class).ifPresent(spec -> products.put(product.key(), spec));
    }
    return products;
  }

  /** Those of its tenant. */
  private Map<ObjectKey, StoreSpec> stores(DataSubscription subscription) {
    Map<ObjectKey, StoreSpec> stores = new TreeMap<>();
    for (Store store : cluster.stores().all()) {
      if (store.key().tenant().equals(subscription.key().tenant())) {
        spec(store, StoreSpec.class).ifPresent(spec -> stores.put(store.key(), spec));
      }
    }
    return stores;
  }

  /** One that does not decode says so itself. */
  private static <S> Optional<S> spec(Kind object, Class<S> type) {
    try {
      return Optional.of(object.spec(type));
    } catch (Kind.Undecodable e) {
      return Optional.empty();
    }
  }
}
