package dev.millrace.needs.filter;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which fields of an event an expression names. */
final class ReadFields {
  private ReadFields() {}

  static List<String> of(CelExpr expr) {
    Set<String> found = new LinkedHashSet<>();
    add(expr, found);
    return List.copyOf(found);
  }

  /** Whether it takes the event itself, and not only fields of it. */
  static boolean isWhole(CelExpr expr) {
    boolean isEvent =
        expr.getKind() == CelExpr.ExprKind.Kind.IDENT && expr.ident().name().equals("event");
    return isEvent
        || (path(expr).isEmpty() && Parts.of(expr).stream().anyMatch(ReadFields::isWhole));
  }

  private static void add(CelExpr expr, Set<String> to) {
    Optional<String> path = path(expr);
    if (path.isPresent()) {
      to.add(path.get());
    } else {
      Parts.of(expr).forEach(part -> add(part, to));
    }
  }

  /** Empty when it is no field of the event. */
  static Optional<String> path(CelExpr expr) {
    Deque<String> names = new ArrayDeque<>();
    CelExpr at = expr;
    while (at.getKind() == CelExpr.ExprKind.Kind.SELECT) {
      names.addFirst(at.select().field());
      at = at.select().operand();
    }
    boolean ofTheEvent =
        at.getKind() == CelExpr.ExprKind.Kind.IDENT && at.ident().name().equals("event");
    return ofTheEvent && !names.isEmpty()
        ? Optional.of(String.join(".", new ArrayList<>(names)))
        : Optional.empty();
  }
}
