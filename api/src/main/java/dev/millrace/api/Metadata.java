package dev.millrace.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who an object is. On input only {@code name} and {@code namespace} are read, and both must agree
 * with the path; the rest is set by the platform.
 *
 * @param name unique for its kind within the tenant: a DNS label, at most 63 characters
 * @param namespace the tenant; absent for a StoreClass
 * @param uid never reused, unlike the name
 * @param generation counts changes of spec, from 1; the ETag carries it
 * @param origin {@code catalog} or {@code kubernetes}: where spec may be changed
 * @param deletionTimestamp when deletion was asked for; the object goes when cleaning is done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metadata(
    @Nullable String name,
    @Nullable String namespace,
    @Nullable String uid,
    @Nullable Long generation,
    @Nullable String origin,
    @Nullable Instant creationTimestamp,
    @Nullable Instant deletionTimestamp) {}
