package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.check.KeyTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Redis cannot do of a plan. {@code needs.check} has said most of it to the user already; here
 * it holds also for plans that came another way, since a key must never be one of the bookkeeping.
 */
final class PlanCheck {
  private static final String POINTER = "/spec/store/redis/key";
  private static final int LONGEST_TEMPLATE = 500;

  private final PipelinePlan plan;
  private final List<Finding> findings = new ArrayList<>();

  private PlanCheck(PipelinePlan plan) {
    this.plan = plan;
  }

  static List<Finding> findings(PipelinePlan plan) {
    PlanCheck check = new PlanCheck(plan);
    PipelinePlan.Keys keys = plan.target().keys();
    if (keys == null) {
      check.add("/spec/store/redis", "Missing", "the plan says no keys", "Write store.redis.");
    } else {
      check.mode();
      check.structure(keys);
      check.template(keys);
    }
    return List.copyOf(check.findings);
  }

  private void mode() {
    if (!plan.mode().equals("Upsert")) {
      add(
          "/spec/mode",
          "AppendNeedsTable",
          plan.mode() + " keeps every event as a row, and Redis has no rows to append",
          "Use Upsert, or a Postgres store.");
    }
  }

  private void structure(PipelinePlan.Keys keys) {
    if (!List.of("Hash", "Json").contains(keys.structure())) {
      add(
          "/spec/store/redis/structure",
          "UnknownValue",
          "'" + keys.structure() + "' is not one of Hash, Json",
          "Use Hash or Json.");
    }
  }

  private void template(PipelinePlan.Keys keys) {
    Optional<KeyTemplate> template = KeyTemplate.parse(keys.template());
    if (template.isEmpty() || keys.template().length() > LONGEST_TEMPLATE) {
      add(
          POINTER,
          "InvalidTemplate",
          "it is no key template of at most " + LONGEST_TEMPLATE + " characters",
          "Write a text with one column in braces, such as order:{order_id}.");
      return;
    }
    List<String> key =
        plan.columns().stream()
            .filter(PipelinePlan.Column::key)
            .map(PipelinePlan.Column::name)
            .toList();
    if (key.size() != 1 || !template.get().columns().equals(key)) {
      add(
          POINTER,
          "KeyNotInjective",
          "a Redis key must hold the one key column once and no other column",
          "Write order:{" + (key.isEmpty() ? "order_id" : key.get(0)) + "}.");
    }
    prefix(keys.prefix(), template.get().prefix());
  }

  private void prefix(String prefix, String literal) {
    if (prefix.isEmpty() || !prefix.equals(literal)) {
      add(
          POINTER,
          "PrefixMissing",
          "keys need a literal prefix of their own",
          "Write order:{order_id}.");
    }
    if (prefix.startsWith("millrace") || Bookkeeping.ROOT.startsWith(prefix)) {
      add(
          POINTER,
          "NameReserved",
          "keys beginning with 'millrace' hold the cursors",
          "Choose another prefix.");
    }
    if (!prefix.chars().allMatch(c -> c > ' ' && c < 0x7f && "*?[]\\^".indexOf(c) < 0)) {
      add(
          POINTER,
          "InvalidTemplate",
          "the prefix holds a character that means something else in an ACL rule",
          "Use letters, digits and : . / - _ #");
    }
  }

  private void add(String pointer, String code, String message, String remedy) {
    findings.add(new Finding(pointer, code, message, remedy));
  }
}
