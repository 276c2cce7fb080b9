package dev.millrace.stores.redis;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.api.Json;
import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import org.jspecify.annotations.Nullable;

/**
 * Who has a prefix.
 *
 * @param state see the constants
 * @param reader the login that was made for it, to be removed with it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Claim(
    String uid, ObjectKey subscription, ObjectKey store, String state, @Nullable String reader) {

  /** Not looked yet whether keys of somebody else are there. */
  static final String NEW = "new";

  static final String HELD = "held";

  /** Its subscription has gone, its keys stay for their reader. */
  static final String KEPT = "kept";

  /** Being withdrawn: its writer needs it no more. */
  static final String LEAVING = "leaving";

  static Claim by(PipelinePlan plan, @Nullable String reader) {
    return new Claim(plan.uid(), plan.subscription(), plan.target().store(), NEW, reader);
  }

  Claim in(String state) {
    return new Claim(uid, subscription, store, state, reader);
  }

  /** A new one may still be refused, and then nothing is written. */
  boolean needsWriter() {
    return state.equals(HELD);
  }

  static Claim read(String text) {
    try {
      return Json.LENIENT.readValue(text, Claim.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(Bookkeeping.PREFIXES + " holds what Millrace did not write");
    }
  }

  String written() {
    try {
      return Json.STRICT.writeValueAsString(this);
    } catch (JsonProcessingException aRecordOfTextsIsAlwaysWritten) {
      throw new IllegalStateException(aRecordOfTextsIsAlwaysWritten);
    }
  }
}
