package dev.millrace.needs.check;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A need that is right: every default filled in, every name resolved. Only {@link NeedCheck} makes
 * one.
 *
 * @param everyField all fields of the schema, and new ones as they come
 * @param onSchemaChange Additive, Rebuild or Stop
 * @param store the Store it writes into
 * @param newStoreClass the class of that Store, when the subscription brings it along
 */
public record Need(
    ObjectKey subscription,
    ObjectKey product,
    DataProductSpec productSpec,
    Optional<String> filter,
    List<PipelinePlan.Column> columns,
    boolean everyField,
    String onSchemaChange,
    String mode,
    DataSubscriptionSpec.StartFrom start,
    Optional<DataSubscriptionSpec.Until> until,
    ObjectKey store,
    Optional<String> newStoreClass,
    String engine,
    Optional<PipelinePlan.Table> table,
    Optional<PipelinePlan.Keys> keys,
    PipelinePlan.ErrorPolicy onError,
    String state,
    String reclaimPolicy,
    Map<String, String> requests) {

  public Need {
    columns = List.copyOf(columns);
    // One that was kept by an earlier version does not say.
    onSchemaChange = onSchemaChange == null ? "Additive" : onSchemaChange;
    requests = Map.copyOf(requests);
  }
}
