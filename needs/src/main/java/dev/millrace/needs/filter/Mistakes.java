package dev.millrace.needs.filter;

import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.millrace.needs.filter.ExpressionRejected.Mistake;
import dev.millrace.needs.name.Names;
import dev.millrace.needs.schema.EventSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The compiler's errors in the words of someone who has never seen the compiler. */
final class Mistakes {
  private static final Pattern UNDEFINED_FIELD = Pattern.compile("undefined field '([^']*)'");

  /** All that the grammar would take there: a dozen tokens by their inner names. */
  private static final Pattern EXPECTED_TOKENS =
      Pattern.compile(" expecting \\{.*}$", Pattern.DOTALL);

  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'");
  private static final Pattern NO_OVERLOAD =
      Pattern.compile("found no matching overload for '([^']*)' applied to '\\(?([^']*?)\\)?'");
  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("_==_", "=="),
          Map.entry("_!=_", "!="),
          Map.entry("_<_", "<"),
          Map.entry("_<=_", "<="),
          Map.entry("_>_", ">"),
          Map.entry("_>=_", ">="),
          Map.entry("_+_", "+"),
          Map.entry("_-_", "-"),
          Map.entry("_*_", "*"),
          Map.entry("_/_", "/"),
          Map.entry("_%_", "%"),
          Map.entry("_&&_", "&&"),
          Map.entry("_||_", "||"),
          Map.entry("!_", "!"),
          Map.entry("-_", "-"),
          Map.entry("@in", "in"),
          Map.entry("_[_]", "[ ]"),
          Map.entry("_?_:_", "? :"));

  private Mistakes() {}

  static List<Mistake> of(CelValidationException e, EventSchema schema) {
    return e.getErrors().stream().map(issue -> of(issue, schema)).distinct().toList();
  }

  private static Mistake of(CelIssue issue, EventSchema schema) {
    String message = String.valueOf(issue.getMessage());
    String where =
        issue.getSourceLocation().getLine() > 0
            ? " (line "
                + issue.getSourceLocation().getLine()
                + ", column "
                + (issue.getSourceLocation().getColumn() + 1)
                + ")"
            : "";
    Matcher field = UNDEFINED_FIELD.matcher(message);
    if (field.find()) {
      return unknownField(field.group(1), where, schema);
    }
    Matcher name = UNDECLARED.matcher(message);
    if (name.find()) {
      return undeclared(name.group(1), where, schema);
    }
    Matcher overload = NO_OVERLOAD.matcher(message);
    if (overload.find()) {
      return mismatch(overload.group(1), overload.group(2), where);
    }
    return new Mistake(
        "ExpressionSyntax",
        "not a CEL expression: "
            + EXPECTED_TOKENS.matcher(message).replaceFirst("").strip()
            + where,
        "See docs/concepts.md for examples of filters.");
  }

  private static Mistake unknownField(String field, String where, EventSchema schema) {
    Optional<String> closest = closest(field, schema);
    return new Mistake(
        "UnknownField",
        "'" + field + "' is not a field of the event" + where,
        closest
            .map(path -> "Did you mean event." + path + "?")
            .orElse("The event has: " + String.join(", ", schema.root().fields().keySet()) + "."));
  }

  private static Mistake undeclared(String name, String where, EventSchema schema) {
    Optional<String> closest = closest(name, schema);
    return new Mistake(
        "UnknownName",
        "'" + name + "' is neither 'event' nor a function" + where,
        closest
            .map(path -> "Fields are read from the event: did you mean event." + path + "?")
            .orElse("Fields are read from the event, such as event.id."));
  }

  private static Mistake mismatch(String function, String types, String where) {
    String operator = OPERATORS.get(function);
    String[] arguments = types.split(", ");
    boolean binary = operator != null && arguments.length == 2;
    String message =
        binary
            ? "'" + operator + "' does not go between " + arguments[0] + " and " + arguments[1]
            : "'" + (operator == null ? function : operator) + "' does not take " + types;
    return new Mistake(
        "TypeMismatch",
        message + where,
        "Make both sides of one type, with string(), int(), double() or timestamp('…'); texts"
            + " stand in quotes.");
  }

  /** The name may be misspelt, or be right but one level deeper. */
  private static Optional<String> closest(String field, EventSchema schema) {
    List<String> paths = schema.paths();
    Optional<String> nested = paths.stream().filter(path -> path.endsWith("." + field)).findFirst();
    if (nested.isPresent()) {
      return nested;
    }
    List<String> last =
        paths.stream().map(path -> path.substring(path.lastIndexOf('.') + 1)).toList();
    return Names.closest(field, last)
        .flatMap(name ->
            paths.stream()
                .filter(path -> path.equals(name) || path.endsWith("." + name))
                .findFirst());
  }
}
