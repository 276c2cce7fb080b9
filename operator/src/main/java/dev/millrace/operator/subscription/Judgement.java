package dev.millrace.operator.subscription;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.access.AccessRequestSpec;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.access.AccessRequests.Asked;
import dev.millrace.needs.check.Need;
import java.util.List;
import java.util.Optional;

/**
 * What a subscription's spec comes to, beside everything else there is now.
 *
 * @param need when nothing was found
 * @param access what its product's owner has to be asked, and what came of it; empty when nobody
 *     has to be asked, or it is not known what for
 */
record Judgement(List<Finding> findings, Optional<Need> need, Optional<Access> access) {
  Judgement {
    findings = List.copyOf(findings);
  }

  /**
   * @param answer the request that speaks for what is wanted; empty while there is none
   */
  record Access(ObjectKey product, AccessRequestSpec wanted, Optional<Asked> answer) {

    /** By which it may have what it wants, when it may. */
    Optional<String> permission() {
      return answer.map(request -> product.tenant() + "/" + request.name());
    }
  }

  static Judgement wrong(List<Finding> findings) {
    return new Judgement(findings, Optional.empty(), Optional.empty());
  }
}
