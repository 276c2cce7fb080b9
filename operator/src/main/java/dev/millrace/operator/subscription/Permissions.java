package dev.millrace.operator.subscription;

import static dev.millrace.api.status.Condition.Types.APPROVED;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.access.AccessRequestSpec.Decision;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.status.Condition;
import dev.millrace.api.status.SubscriptionStatus;
import dev.millrace.needs.access.AccessRequests.Asked;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What to tell whoever asked of whether the product's owner permits it. */
final class Permissions {
  private static final String REQUIRED = "ApprovalRequired";
  private static final String DENIED = "AccessDenied";
  private static final String REVOKED = "AccessRevoked";
  private static final String EXPIRED = "AccessExpired";
  private static final Set<String> CODES = Set.of(REQUIRED, DENIED, REVOKED, EXPIRED);

  private Permissions() {}

  static boolean isRefusal(Finding finding) {
    return CODES.contains(finding.code());
  }

  static Finding refusal(Judgement.Access access) {
    String product = "'" + access.product() + "'";
    if (access.answer().isEmpty()) {
      return finding(
          REQUIRED,
          "the owner of " + product + " approves each access, and is asked now",
          "Wait for the decision.");
    }
    Finding said = said(access.product(), access.answer().get());
    return access.wanted().requestedBy() == null
        ? finding(
            said.code(),
            said.message() + "; and nobody says who asks",
            said.remedy()
                + " Write access: {requestedBy: …} with the name that kubectl auth whoami"
                + " has for you.")
        : said;
  }

  private static Finding said(ObjectKey key, Asked answer) {
    String product = "'" + key + "'";
    String where = where(key, answer);
    String why = answer.reason().map(reason -> ": " + reason).orElse("");
    return switch (answer.phase()) {
      case DENIED ->
          finding(
              DENIED,
              "the owner of " + product + " denied it" + why + " (" + where + ")",
              "Ask for less, or for another purpose; whoever denied it can still approve it.");
      case REVOKED ->
          finding(
              REVOKED,
              "the owner of " + product + " revoked it" + why + " (" + where + ")",
              "Ask for less, or for another purpose; whoever revoked it can approve it again.");
      case EXPIRED ->
          finding(
              EXPIRED,
              "what the owner of " + product + " granted has ended (" + where + ")",
              "Ask anew, by another spec.access; or its owner sets a later decision.until.");
      default ->
          finding(
              REQUIRED,
              "the owner of " + product + " has not decided yet (" + where + ")",
              "Wait for the decision; its owner sets decision of the AccessRequest.");
    };
  }

  private static Finding finding(String code, String message, String remedy) {
    return new Finding("/spec/product", code, message, remedy);
  }

  /** It was approved, by something that cannot be meant. */
  static Finding unclear(Judgement.Access access, List<String> mistakes) {
    return new Finding(
        "/spec/product",
        "GrantInvalid",
        "the owner of '"
            + access.product()
            + "' approved it, but not in a way that can be read ("
            + where(access.product(), access.answer().orElseThrow())
            + "): "
            + String.join(" ", mistakes),
        "The owner has to correct the decision.");
  }

  private static String where(ObjectKey product, Asked answer) {
    return "AccessRequest " + product.tenant() + "/" + answer.name();
  }

  /**
   * That what runs may not go on.
   *
   * @param token another one each time that something was said
   */
  record End(String token, Finding why) {}

  /** By all that was asked for and said so far. */
  static End end(ObjectKey product, List<Asked> all) {
    String token =
        all.stream()
            .map(each -> each.name() + "." + each.generation() + "." + each.phase().word())
            .sorted()
            .collect(Collectors.joining(" "));
    Finding why =
        all.stream()
            .filter(each -> each.phase().isRefusal())
            .max(Comparator.comparingLong(Asked::generation))
            .map(each -> said(product, each))
            .orElseGet(() ->
                finding(
                    REQUIRED,
                    "what it runs with is more than the owner of '" + product + "' grants",
                    "Wait for the decision, or ask for less."));
    return new End(token.isEmpty() ? "nothing" : token, why);
  }

  /** It is said, and not all done. */
  static Finding outstanding(Finding why) {
    return new Finding(
        why.pointer(),
        why.code(),
        why.message() + "; its pipeline or its reader's login could not be ended yet",
        why.remedy());
  }

  static Finding notAsked(String message) {
    return new Finding(
        "/spec/product",
        "AccessNotAsked",
        "its owner could not be asked: " + message,
        "The API server has to take the AccessRequest; it is tried again.");
  }

  /** With who permitted it. */
  static SubscriptionStatus granted(SubscriptionStatus status, Asked by, boolean narrowed) {
    if (status.conditions() == null) {
      return status;
    }
    List<Condition> conditions =
        status.conditions().stream().map(each -> granted(each, by, narrowed)).toList();
    return Statuses.with(status, conditions);
  }

  private static Condition granted(Condition condition, Asked by, boolean narrowed) {
    if (!condition.type().equals(APPROVED) || !condition.isTrue()) {
      return condition;
    }
    String who = Optional.ofNullable(by.spec().decision()).map(Decision::by).orElse("its owner");
    return new Condition(
        APPROVED,
        condition.status(),
        narrowed ? "GrantNarrowed" : "Granted",
        "Approved by "
            + who
            + " (AccessRequest "
            + by.name()
            + ")."
            + (narrowed
                ? " What is in the store is more than that: it is built anew, and nobody reads it"
                    + " before."
                : ""),
        condition.observedGeneration(),
        condition.lastTransitionTime());
  }
}
