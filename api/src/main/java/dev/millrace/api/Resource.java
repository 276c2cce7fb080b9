package dev.millrace.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The one shape of every object, in REST, YAML and Kubernetes alike.
 *
 * @param apiVersion {@value #API_VERSION}
 * @param kind DataProduct, DataSubscription, StoreClass or Store
 * @param spec what is wanted; written by the owner
 * @param status what is; written by the platform, ignored on input
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Resource<S, T>(
    @Nullable String apiVersion,
    @Nullable String kind,
    @Nullable Metadata metadata,
    @Nullable S spec,
    @Nullable T status) {

  public static final String API_VERSION = "millrace.dev/v1alpha1";
}
