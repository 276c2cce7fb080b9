package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What provisioning a plan does, as commands for people to read. */
final class PlanText {
  private PlanText() {}

  static String of(PipelinePlan plan) {
    PipelinePlan.Keys keys = Objects.requireNonNull(plan.target().keys());
    List<String> lines = new ArrayList<>();
    lines.add("# " + plan.subscription() + " in " + plan.target().store());
    lines.add("# the prefix, unless it is, begins or continues one that is taken");
    lines.add(command("HSET", Bookkeeping.PREFIXES, keys.prefix(), plan.uid()));
    lines.add("# who may write there and who may read there, and nowhere else");
    lines.add("ACL SETUSER <writer> ~" + Glob.beginningWith(keys.prefix()));
    lines.add(
        "ACL SETUSER <reader> on #<password> ~"
            + Glob.beginningWith(keys.prefix())
            + " "
            + String.join(" ", Users.READER_COMMANDS));
    lines.add("# the next offset to apply");
    Cursors cursors = new Cursors(plan);
    plan.start()
        .forEach((partition, offset) ->
            lines.add(command("HSET", cursors.key(partition), "next_offset", offset.toString())));
    lines.add("# then, for each event:");
    lines.addAll(row(plan, keys));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> row(PipelinePlan plan, PipelinePlan.Keys keys) {
    List<String> lines = new ArrayList<>();
    StringBuilder fields = new StringBuilder();
    boolean hash = keys.structure().equals("Hash");
    for (PipelinePlan.Column column : plan.columns()) {
      fields
          .append(hash ? " " + column.name() + " " : (fields.isEmpty() ? "" : ","))
          .append(hash ? "" : '"' + column.name() + "\":")
          .append('<')
          .append(column.type())
          .append('>');
    }
    if (hash) {
      lines.add("UNLINK " + keys.template());
      lines.add("HSET " + keys.template() + fields);
    } else {
      lines.add("SET " + keys.template() + " {" + fields + "}");
    }
    if (keys.ttlSeconds() != null) {
      lines.add(
          "PEXPIREAT " + keys.template() + " <the event's time and " + keys.ttlSeconds() + " s>");
    }
    return lines;
  }

  /** Words that need it are quoted as redis-cli reads them. */
  private static String command(String... words) {
    List<String> quoted = new ArrayList<>();
    for (String word : words) {
      quoted.add(word.matches("[-!#-&(-~]+") ? word : quoted(word));
    }
    return String.join(" ", quoted);
  }

  private static String quoted(String word) {
    StringBuilder text = new StringBuilder("\"");
    for (char c : word.toCharArray()) {
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\x%02x", (int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
