package dev.millrace.needs.filter;

import dev.cel.common.ast.CelExpr;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks for the smallest part that keeps an expression from being compiled, and puts it into words.
 */
final class Uncompiled {
  private static final Map<String, String> OPERATORS =
      Map.of(
          "_[_]",
          "an index ([ ])",
          "@in",
          "this use of 'in'",
          "_?_:_",
          "this use of '? :'",
          "matches",
          "a regular expression that is no constant, or none that RE2 takes,");

  private final Predicate<CelExpr> compiled;

  Uncompiled(Predicate<CelExpr> compiled) {
    this.compiled = compiled;
  }

  /** The first part that is not compiled though all its own parts are. */
  String in(CelExpr expr) {
    Optional<CelExpr> part =
        canBeLookedInto(expr)
            ? Parts.of(expr).stream().filter(compiled.negate()).findFirst()
            : Optional.empty();
    return part.map(this::in).orElseGet(() -> words(expr) + " is not compiled");
  }

  /** Parts of a field's path, or of a loop, are nothing by themselves. */
  private static boolean canBeLookedInto(CelExpr expr) {
    return switch (expr.getKind()) {
      case CALL, LIST -> true;
      case SELECT, COMPREHENSION, MAP, STRUCT, CONSTANT, IDENT, NOT_SET -> false;
    };
  }

  private static String words(CelExpr expr) {
    return switch (expr.getKind()) {
      case COMPREHENSION -> "a loop over a list (exists, all, exists_one, map, filter)";
      case CALL -> operation(expr.call().function());
      case SELECT ->
          ReadFields.path(expr)
              .map(path -> "the field '" + path + "', as it is typed or used here,")
              .orElse("a part of a value ('." + expr.select().field() + "')");
      case MAP, STRUCT -> "a map or an object that the expression makes";
      case LIST -> "a list that is used as a value";
      case CONSTANT -> "a constant of this type (" + expr.constant().getKind() + ")";
      case IDENT, NOT_SET -> "the event as a whole";
    };
  }

  /** Operators are named with underscores where their operands stand. */
  private static String operation(String function) {
    String known = OPERATORS.get(function);
    if (known != null) {
      return known;
    }
    String sign = function.replace("_", "");
    return function.startsWith("_") || function.endsWith("_")
        ? "the operator '" + sign + "' on values of these types"
        : "the function '" + function + "'";
  }
}
