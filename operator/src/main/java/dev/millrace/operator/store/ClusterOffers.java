package dev.millrace.operator.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.controller.Offers;
import dev.millrace.operator.cluster.Watched;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.StoreClass;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.credentials.SecretVault;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** The StoreClasses of the cluster. */
public final class ClusterOffers implements Offers {
  private static final Logger LOG = Logger.getLogger(ClusterOffers.class);

  private final Watched<StoreClass> classes;
  private final Servers servers;

  public ClusterOffers(Watched<StoreClass> classes, Servers servers) {
    this.classes = classes;
    this.servers = servers;
  }

  @Override
  public Optional<StoreClassSpec> find(String name) {
    return classes.find(new ObjectKey("", name)).flatMap(ClusterOffers::spec);
  }

  @Override
  public String server(ObjectKey store, StoreClassSpec offer) {
    return Servers.isOf(offer)
        ? servers.address(store, String.valueOf(offer.engine()))
        : Offers.super.server(store, offer);
  }

  @Override
  public String admin(ObjectKey store, StoreClassSpec offer) {
    return Servers.isOf(offer)
        ? SecretVault.server(store.toString())
        : SecretVault.given(String.valueOf(offer.adminSecret()));
  }

  @Override
  public boolean hasOwnServer(ObjectKey store, String storeClass) {
    return servers.isThere(store) || find(storeClass).filter(Servers::isOf).isPresent();
  }

  @Override
  public void checkIsUp(ObjectKey store) throws StoreProblem {
    servers.checkIsUp(store);
  }

  /** By name. */
  public Map<String, StoreClassSpec> all() {
    Map<String, StoreClassSpec> all = new TreeMap<>();
    classes
        .all()
        .forEach(each -> spec(each).ifPresent(spec -> all.put(each.getMetadata().getName(), spec)));
    return all;
  }

  private static Optional<StoreClassSpec> spec(StoreClass offered) {
    try {
      return Optional.of(offered.spec(StoreClassSpec.class));
    } catch (Kind.Undecodable e) {
      LOG.warnf("not offered class=%s: %s", offered.getMetadata().getName(), e.getMessage());
      return Optional.empty();
    }
  }
}
