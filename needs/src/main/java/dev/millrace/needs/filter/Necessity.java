package dev.millrace.needs.filter;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.ListType;
import dev.millrace.needs.filter.Comparisons.Order;
import dev.millrace.needs.schema.FieldType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From a checked expression to its {@link Condition}: what has to be so where it is true, or fails.
 * Each answer here may be too large, never too small. What fails is never left out, because an
 * index has an event for which a term has no value among everybody's candidates.
 *
 * <p>Errors are forgiven by {@code &&} and {@code ||} as CEL does: {@code a && b} is true or fails
 * only where each of both is true or fails, and {@code a || b} only where one of them is.
 */
final class Necessity {
  private static final int ASCII = 0x7f;
  private static final int ASCII_BITS = 7;
  private static final int ASCII_IN_LONG = 9;

  /** Years 1 to 9999 are within, by far. */
  private static final long MOST_SECONDS = 1_000_000_000_000L;

  private final CelAbstractSyntaxTree tree;
  private final Compilation compilation;

  private Necessity(CelAbstractSyntaxTree tree, FieldType.Obj root) {
    this.tree = tree;
    this.compilation = new Compilation(tree, root);
  }

  /** Empty when nothing can be said. */
  static Optional<Condition> of(CelAbstractSyntaxTree tree, FieldType.Obj root) {
    return new Necessity(tree, root).where(true, tree.getExpr());
  }

  /** Where this gives that answer, or fails. */
  private Optional<Condition> where(boolean answer, CelExpr expr) {
    try {
      return compilation.kind(expr) == CelKind.BOOL
          ? bool(answer, expr).or(() -> itself(answer, expr))
          : Optional.empty();
    } catch (Compilation.NotCompiled e) {
      return itself(answer, expr);
    }
  }

  private Optional<Condition> bool(boolean answer, CelExpr expr) throws Compilation.NotCompiled {
    if (expr.getKind() != CelExpr.ExprKind.Kind.CALL) {
      return Optional.empty();
    }
    String overload = compilation.overload(expr);
    return switch (overload) {
      case "logical_and" -> answer ? every(true, expr) : either(false, expr);
      case "logical_or" -> answer ? either(true, expr) : every(false, expr);
      case "logical_not" -> where(!answer, operand(expr, 0));
      case "equals" -> answer ? equal(operand(expr, 0), operand(expr, 1)) : Optional.empty();
      case "not_equals" -> answer ? Optional.empty() : equal(operand(expr, 0), operand(expr, 1));
      case "in_list" -> answer ? in(operand(expr, 0), operand(expr, 1)) : Optional.empty();
      case "starts_with_string" -> answer ? part(expr, true) : Optional.empty();
      case "ends_with_string" -> answer ? part(expr, false) : Optional.empty();
      default -> {
        Optional<Order> order = Order.of(overload);
        yield order.isPresent()
            ? ordered(answer, order.get(), order.get().operands(overload), expr)
            : Optional.empty();
      }
    };
  }

  private boolean areBool(CelExpr expr) throws Compilation.NotCompiled {
    return compilation.kind(operand(expr, 0)) == CelKind.BOOL
        && compilation.kind(operand(expr, 1)) == CelKind.BOOL;
  }

  private Optional<Condition> every(boolean answer, CelExpr expr) throws Compilation.NotCompiled {
    if (!areBool(expr)) {
      return Optional.empty();
    }
    Optional<Condition> one = where(answer, operand(expr, 0));
    Optional<Condition> other = where(answer, operand(expr, 1));
    return one.isPresent() && other.isPresent()
        ? Optional.of(Condition.every(one.get(), other.get()))
        : one.or(() -> other);
  }

  private Optional<Condition> either(boolean answer, CelExpr expr) throws Compilation.NotCompiled {
    if (!areBool(expr)) {
      return Optional.empty();
    }
    Optional<Condition> one = where(answer, operand(expr, 0));
    Optional<Condition> other = where(answer, operand(expr, 1));
    return one.flatMap(left -> other.map(right -> Condition.either(left, right)));
  }

  /** When nothing better is known, its own answer is looked up; it may be others' answer too. */
  private Optional<Condition> itself(boolean answer, CelExpr expr) {
    try {
      Code.Bool code = compilation.bool(expr);
      Term term = new Term(spelled(expr), event -> code.of(event) ? 1 : 0);
      return Optional.of(new Condition.Among(term, Ranges.one(answer ? 1 : 0)));
    } catch (Compilation.NotCompiled e) {
      return Optional.empty();
    }
  }

  private Optional<Condition> equal(CelExpr left, CelExpr right) throws Compilation.NotCompiled {
    if (compilation.kind(left) != compilation.kind(right)) {
      return Optional.empty();
    }
    if (isConstant(right)) {
      return Optional.of(among(left, Ranges.one(exactly(right))));
    }
    return isConstant(left)
        ? Optional.of(among(right, Ranges.one(exactly(left))))
        : Optional.empty();
  }

  private Optional<Condition> in(CelExpr value, CelExpr list) throws Compilation.NotCompiled {
    if (list.getKind() != CelExpr.ExprKind.Kind.LIST
        || !list.list().optionalIndices().isEmpty()
        || ((ListType) compilation.type(list)).elemType().kind() != compilation.kind(value)) {
      return Optional.empty();
    }
    List<Ranges.Range> numbers = new ArrayList<>();
    for (CelExpr element : list.list().elements()) {
      if (!isConstant(element)) {
        return Optional.empty();
      }
      numbers.addAll(Ranges.one(exactly(element)).all());
    }
    return Optional.of(among(value, new Ranges(numbers)));
  }

  private Condition among(CelExpr value, Ranges numbers) throws Compilation.NotCompiled {
    return new Condition.Among(term(value), numbers);
  }

  private Optional<Condition> ordered(boolean answer, Order order, String operands, CelExpr expr)
      throws Compilation.NotCompiled {
    CelExpr left = operand(expr, 0);
    CelExpr right = operand(expr, 1);
    Order asked = answer ? order : opposite(order);
    if (isConstant(right)) {
      return ordered(left, asked, right, operands);
    }
    return isConstant(left) ? ordered(right, turned(asked), left, operands) : Optional.empty();
  }

  private Optional<Condition> ordered(CelExpr value, Order order, CelExpr bound, String operands)
      throws Compilation.NotCompiled {
    return switch (operands) {
      case "int64" -> Optional.of(among(value, exact(order, bound.constant().int64Value())));
      case "double" ->
          Optional.of(among(value, exact(order, inOrder(bound.constant().doubleValue()))));
      case "int64_double", "double_int64" -> Optional.of(among(value, around(order, value, bound)));
      case "timestamp" -> Optional.of(among(value, about(order, exactly(bound))));
      case "string" ->
          Optional.of(
              new Condition.Among(
                  beginning(value), about(order, beginning(bound.constant().stringValue()))));
      default -> Optional.empty();
    };
  }

  private static Order opposite(Order order) {
    return switch (order) {
      case LESS -> Order.GREATER_EQUALS;
      case LESS_EQUALS -> Order.GREATER;
      case GREATER -> Order.LESS_EQUALS;
      case GREATER_EQUALS -> Order.LESS;
    };
  }

  private static Order turned(Order order) {
    return switch (order) {
      case LESS -> Order.GREATER;
      case LESS_EQUALS -> Order.GREATER_EQUALS;
      case GREATER -> Order.LESS;
      case GREATER_EQUALS -> Order.LESS_EQUALS;
    };
  }

  private static Ranges exact(Order order, long bound) {
    return switch (order) {
      case LESS -> Ranges.below(bound);
      case LESS_EQUALS -> Ranges.of(Long.MIN_VALUE, bound);
      case GREATER -> Ranges.above(bound);
      case GREATER_EQUALS -> Ranges.of(bound, Long.MAX_VALUE);
    };
  }

  /** Where different values have one number. */
  private static Ranges about(Order order, long bound) {
    return switch (order) {
      case LESS, LESS_EQUALS -> Ranges.of(Long.MIN_VALUE, bound);
      case GREATER, GREATER_EQUALS -> Ranges.of(bound, Long.MAX_VALUE);
    };
  }

  /** The reference compares an integer as the nearest double, so the bound is widened by one. */
  private Ranges around(Order order, CelExpr value, CelExpr bound) throws Compilation.NotCompiled {
    boolean isInteger = compilation.kind(value) == CelKind.INT;
    double near =
        isInteger ? bound.constant().doubleValue() : (double) bound.constant().int64Value();
    return switch (order) {
      case LESS, LESS_EQUALS -> {
        double most = Math.nextUp(near);
        yield Ranges.of(Long.MIN_VALUE, isInteger ? (long) Math.ceil(most) : inOrder(most));
      }
      case GREATER, GREATER_EQUALS -> {
        double least = Math.nextDown(near);
        yield Ranges.of(isInteger ? (long) Math.floor(least) : inOrder(least), Long.MAX_VALUE);
      }
    };
  }

  /** How the text begins or ends: compared with that of others that is as long. */
  private Optional<Condition> part(CelExpr expr, boolean first) throws Compilation.NotCompiled {
    CelExpr text = operand(expr, 0);
    CelExpr part = operand(expr, 1);
    if (!isConstant(part)) {
      return Optional.empty();
    }
    String wanted = part.constant().stringValue();
    int length = wanted.length();
    Code.Text code = compilation.text(text);
    Code.Int number =
        event -> {
          String whole = code.of(event);
          int rest = whole.length() - length;
          return rest < 0
              ? whole.hashCode()
              : (first ? whole.substring(0, length) : whole.substring(rest)).hashCode();
        };
    String name = (first ? "first " : "last ") + length + " of " + spelled(text);
    return Optional.of(new Condition.Among(new Term(name, number), Ranges.one(wanted.hashCode())));
  }

  /** The number tells values apart, nearly always, and is in their order but for texts. */
  private Term term(CelExpr value) throws Compilation.NotCompiled {
    String name = spelled(value);
    return switch (compilation.kind(value)) {
      case INT -> new Term(name, compilation.integer(value));
      case DOUBLE -> {
        Code.Double code = compilation.number(value);
        yield new Term(
            name,
            event -> {
              double number = code.of(event);
              // It is neither less nor more than any, so no range is its own.
              if (Double.isNaN(number)) {
                throw Undecided.HERE;
              }
              return inOrder(number);
            });
      }
      case STRING -> {
        Code.Text code = compilation.text(value);
        yield new Term(name, event -> code.of(event).hashCode());
      }
      case TIMESTAMP -> {
        Code.Time code = compilation.time(value);
        yield new Term(name, event -> micros(code.of(event)));
      }
      default -> throw new Compilation.NotCompiled();
    };
  }

  private Term beginning(CelExpr text) throws Compilation.NotCompiled {
    Code.Text code = compilation.text(text);
    return new Term("beginning of " + spelled(text), event -> beginning(code.of(event)));
  }

  /** A constant's number, as {@link #term} has it. */
  private long exactly(CelExpr constant) throws Compilation.NotCompiled {
    return switch (compilation.kind(constant)) {
      case INT -> constant.constant().int64Value();
      case DOUBLE -> inOrder(constant.constant().doubleValue());
      case STRING -> constant.constant().stringValue().hashCode();
      case TIMESTAMP -> micros(compilation.constantTime(constant));
      default -> throw new Compilation.NotCompiled();
    };
  }

  private boolean isConstant(CelExpr expr) {
    if (expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
      return switch (expr.constant().getKind()) {
        case INT64_VALUE, DOUBLE_VALUE, STRING_VALUE -> true;
        default -> false;
      };
    }
    try {
      compilation.constantTime(expr);
      return true;
    } catch (Compilation.NotCompiled e) {
      return false;
    }
  }

  /** Doubles as integers of the same order. */
  static long inOrder(double number) {
    long bits = Double.doubleToLongBits(number + 0.0);
    return bits ^ (bits >> 63) & Long.MAX_VALUE;
  }

  private static long micros(Instant time) {
    long seconds = Math.clamp(time.getEpochSecond(), -MOST_SECONDS, MOST_SECONDS);
    return seconds * 1_000_000 + time.getNano() / 1000;
  }

  /**
   * Never less for a text that comes later; what follows a letter that is not ASCII is left out.
   */
  static long beginning(String text) {
    long number = 0;
    boolean ended = false;
    for (int i = 0; i < ASCII_IN_LONG; i++) {
      int letter = ended || i >= text.length() ? 0 : Math.min(text.charAt(i), ASCII);
      ended |= letter == ASCII;
      number = number << ASCII_BITS | letter;
    }
    return number;
  }

  /** The same for expressions that are compiled alike, and for no others. */
  private String spelled(CelExpr expr) throws Compilation.NotCompiled {
    return switch (expr.getKind()) {
      case CONSTANT -> constant(expr.constant());
      case SELECT -> field(expr);
      case CALL -> {
        StringBuilder call = new StringBuilder(compilation.overload(expr)).append('(');
        int operands = expr.call().args().size() + (expr.call().target().isPresent() ? 1 : 0);
        for (int i = 0; i < operands; i++) {
          call.append(spelled(operand(expr, i))).append(' ');
        }
        yield call.append(')').toString();
      }
      case LIST -> {
        StringBuilder list = new StringBuilder("[");
        for (CelExpr element : expr.list().elements()) {
          list.append(spelled(element)).append(' ');
        }
        yield list.append(']').toString();
      }
      default -> throw new Compilation.NotCompiled();
    };
  }

  private static String constant(CelConstant constant) throws Compilation.NotCompiled {
    return switch (constant.getKind()) {
      case BOOLEAN_VALUE -> Boolean.toString(constant.booleanValue());
      case INT64_VALUE -> Long.toString(constant.int64Value());
      case DOUBLE_VALUE -> Double.toString(constant.doubleValue());
      case STRING_VALUE -> quoted(constant.stringValue());
      default -> throw new Compilation.NotCompiled();
    };
  }

  private String field(CelExpr expr) throws Compilation.NotCompiled {
    List<String> names = new ArrayList<>();
    compilation.follow(expr.select().testOnly() ? expr.select().operand() : expr, names);
    StringBuilder path = new StringBuilder(expr.select().testOnly() ? "has" : type(expr));
    names.forEach(name -> path.append('.').append(quoted(name)));
    return expr.select().testOnly()
        ? path.append('.').append(quoted(expr.select().field())).toString()
        : path.toString();
  }

  /** Another schema's field of that name may be of another. */
  private String type(CelExpr expr) throws Compilation.NotCompiled {
    return compilation.type(expr) instanceof ListType list
        ? "LIST " + list.elemType().kind()
        : compilation.kind(expr).name();
  }

  private static String quoted(String text) {
    return text.length() + "'" + text;
  }

  private static CelExpr operand(CelExpr call, int number) {
    return Compilation.operand(call, number);
  }
}
