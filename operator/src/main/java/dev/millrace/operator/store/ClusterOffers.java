package dev.millrace.operator.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.controller.Offers;
import dev.millrace.operator.cluster.Watched;
import dev.millrace.operator.kind.Kind;
import dev.millrace.operator.kind.StoreClass;
import dev.millrace.stores.credentials.SecretVault;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** The StoreClasses of the cluster. */
public final class ClusterOffers implements Offers {
  private static final Logger LOG = Logger.getLogger(ClusterOffers.class);

  private final Watched<StoreClass> classes;

  public ClusterOffers(Watched<StoreClass> classes) {
    this.classes = classes;
  }

  @Override
  public Optional<StoreClassSpec> find(String name) {
    return classes.find(new ObjectKey("", name)).flatMap(ClusterOffers::spec);
  }

  @Override
  public String admin(StoreClassSpec offer) {
    return SecretVault.given(String.valueOf(offer.adminSecret()));
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
