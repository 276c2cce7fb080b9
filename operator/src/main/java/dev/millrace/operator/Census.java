package dev.millrace.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.operator.cluster.Cluster;
import dev.millrace.operator.kind.DataSubscription;
import dev.millrace.operator.kind.Kind;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many there are of what the operator looks after, as it knows at this moment.
 *
 * @param phases subscriptions by their phase; what has no status yet is {@code Pending}
 * @param conditions subscriptions of which a condition is {@code True}, by its type
 * @param products all of them
 * @param readyProducts those whose topic is ready
 * @param stores all of them
 * @param debts what could not be cleaned yet
 */
public record Census(
    Map<String, Integer> phases,
    Map<String, Integer> conditions,
    int products,
    int readyProducts,
    int stores,
    int debts) {
  private static final String PENDING = "Pending";

  public Census {
    phases = Map.copyOf(phases);
    conditions = Map.copyOf(conditions);
  }

  static Census of(Cluster cluster, int debts) {
    Map<String, Integer> phases = new TreeMap<>();
    Map<String, Integer> conditions = new TreeMap<>();
    for (DataSubscription subscription : cluster.subscriptions().all()) {
      JsonNode status = subscription.getStatus();
      String phase = status == null ? PENDING : status.path("phase").asText(PENDING);
      phases.merge(phase, 1, Integer::sum);
      if (status != null) {
        status
            .path("conditions")
            .forEach(condition -> {
              if (isTrue(condition)) {
                conditions.merge(condition.path("type").asText(), 1, Integer::sum);
              }
            });
      }
    }
    Collection<? extends Kind> products = cluster.products().all();
    return new Census(
        phases,
        conditions,
        products.size(),
        (int) products.stream().filter(Census::isReady).count(),
        cluster.stores().all().size(),
        debts);
  }

  private static boolean isReady(Kind product) {
    if (product.getStatus() != null) {
      for (JsonNode condition : product.getStatus().path("conditions")) {
        if (condition.path("type").asText().equals("Ready")) {
          return isTrue(condition);
        }
      }
    }
    return false;
  }

  private static boolean isTrue(JsonNode condition) {
    return condition.path("status").asText().equals("True");
  }
}
