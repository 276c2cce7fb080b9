package dev.millrace.catalog.subscription;

import dev.millrace.api.Metadata;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.api.subscription.DataSubscriptionSpec;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** {@link dev.millrace.api.Resource} of a subscription under a name of its own in the contract. */
@Schema(name = "DataSubscription")
record DataSubscription(
    @Schema(required = true) String apiVersion,
    @Schema(required = true) String kind,
    @Schema(required = true) Metadata metadata,
    @Schema(required = true) DataSubscriptionSpec spec,
    SubscriptionStatus status) {

  @Schema(name = "DataSubscriptionPage")
  record Page(@Schema(required = true) List<DataSubscription> items, String next) {}

  @Schema(name = "DryRun")
  record Trial(
      @Schema(required = true, description = "The object as it would be.")
          DataSubscription resource,
      @Schema(required = true, description = "What would be run in the store.")
          String statements) {}

  /** One decision in a subscription's history. */
  @Schema(name = "JournalEntry")
  record Decision(
      @Schema(required = true, description = "In the whole journal; grows.") long position,
      @Schema(
              required = true,
              description =
                  "Requested, Changed, Withdrawn, Forgotten, CredentialsRevealed or"
                      + " CredentialsRotated.")
          String type,
      @Schema(required = true, description = "Who asked for it.") String actor,
      @Schema(required = true) Instant at) {}

  @Schema(name = "JournalPage")
  record DecisionPage(@Schema(required = true) List<Decision> items, String next) {}
}
