package dev.millrace.needs.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * From a checked expression to {@link Code}. The checker has resolved every type and overload, so
 * each operator becomes one small function of known types.
 *
 * <p>What is not known here makes the whole expression uncompiled: it is evaluated by the reference
 * then, on fields that are extracted as lazily. Errors are the reference's business too: code only
 * says that it is in doubt. So all that must be right here is what a value is when there is one.
 */
final class Compilation {
  private final CelAbstractSyntaxTree tree;
  private final FieldType.Obj root;

  Compilation(CelAbstractSyntaxTree tree, FieldType.Obj root) {
    this.tree = tree;
    this.root = root;
  }

  /** Outside of what is compiled. */
  static final class NotCompiled extends Exception {
    private static final long serialVersionUID = 1L;

    NotCompiled() {
      super(null, null, false, false);
    }
  }

  static Optional<Code> of(CelAbstractSyntaxTree tree, FieldType.Obj root) {
    try {
      return Optional.of(new Compilation(tree, root).code(tree.getExpr()));
    } catch (NotCompiled e) {
      return Optional.empty();
    }
  }

  /** Why it is not compiled; asked only of what is not. */
  static String whyNot(CelAbstractSyntaxTree tree, FieldType.Obj root) {
    return new Uncompiled(new Compilation(tree, root)::takes).in(tree.getExpr());
  }

  /** Whether this part alone is compiled. */
  private boolean takes(CelExpr part) {
    try {
      if (kind(part) == CelKind.LIST) {
        items(part);
      } else {
        code(part);
      }
      return true;
    } catch (NotCompiled e) {
      return false;
    }
  }

  private Code code(CelExpr expr) throws NotCompiled {
    return switch (kind(expr)) {
      case BOOL -> bool(expr);
      case INT -> integer(expr);
      case DOUBLE -> number(expr);
      case STRING -> text(expr);
      case TIMESTAMP -> time(expr);
      case DYN -> any(expr);
      default -> throw new NotCompiled();
    };
  }

  CelKind kind(CelExpr expr) throws NotCompiled {
    return type(expr).kind();
  }

  CelType type(CelExpr expr) throws NotCompiled {
    return tree.getType(expr.id()).orElseThrow(NotCompiled::new);
  }

  Code.Bool bool(CelExpr expr) throws NotCompiled {
    expect(expr, CelKind.BOOL);
    return switch (expr.getKind()) {
      case CONSTANT -> {
        boolean value = constant(expr, CelConstant.Kind.BOOLEAN_VALUE).booleanValue();
        yield event -> value;
      }
      case SELECT -> expr.select().testOnly() ? has(expr) : field(expr)::bool;
      case CALL -> boolCall(expr);
      default -> throw new NotCompiled();
    };
  }

  /**
   * The reference looks first whether the object is there. That it is one, the path itself says: it
   * leads nowhere through anything else.
   */
  private Code.Bool has(CelExpr expr) throws NotCompiled {
    CelExpr operand = expr.select().operand();
    List<String> names = new ArrayList<>();
    FieldType.Obj parent =
        follow(operand, names) instanceof FieldType.Obj obj ? obj : notCompiled();
    List<String> all = new ArrayList<>(names);
    all.add(expr.select().field());
    Field field = new Field(FieldPath.of(all), fieldOf(parent, expr.select().field()));
    if (names.isEmpty()) {
      return field::isPresent;
    }
    FieldPath above = FieldPath.of(names);
    return event -> {
      int object = event.find(above);
      if (object < 0 || !event.isObject(object)) {
        throw Undecided.HERE;
      }
      return field.isPresent(event);
    };
  }

  private Code.Bool boolCall(CelExpr expr) throws NotCompiled {
    String overload = overload(expr);
    Optional<Comparisons.Order> order = Comparisons.Order.of(overload);
    if (order.isPresent()) {
      return compare(order.get(), order.get().operands(overload), expr);
    }
    return switch (overload) {
      case "logical_and" -> and(bool(operand(expr, 0)), bool(operand(expr, 1)));
      case "logical_or" -> or(bool(operand(expr, 0)), bool(operand(expr, 1)));
      case "logical_not" -> not(bool(operand(expr, 0)));
      case "conditional" -> {
        Code.Bool condition = bool(operand(expr, 0));
        Code.Bool yes = bool(operand(expr, 1));
        Code.Bool no = bool(operand(expr, 2));
        yield event -> condition.of(event) ? yes.of(event) : no.of(event);
      }
      case "equals" -> equal(operand(expr, 0), operand(expr, 1));
      case "not_equals" -> not(equal(operand(expr, 0), operand(expr, 1)));
      case "in_list" -> in(operand(expr, 0), operand(expr, 1));
      case "starts_with_string" -> startsWith(operand(expr, 0), operand(expr, 1));
      case "ends_with_string" -> endsWith(operand(expr, 0), operand(expr, 1));
      case "contains_string" -> {
        Code.Text text = text(operand(expr, 0));
        Code.Text part = text(operand(expr, 1));
        yield event -> text.of(event).contains(part.of(event));
      }
      case "matches", "matches_string" -> matches(operand(expr, 0), operand(expr, 1));
      case "bool_to_bool" -> bool(operand(expr, 0));
      default -> throw new NotCompiled();
    };
  }

  /** An error on one side does not matter when the other side decides. */
  private static Code.Bool and(Code.Bool left, Code.Bool right) {
    return event -> {
      boolean answer;
      try {
        answer = left.of(event);
      } catch (Undecided e) {
        if (right.of(event)) {
          throw e;
        }
        return false;
      }
      return answer && right.of(event);
    };
  }

  private static Code.Bool or(Code.Bool left, Code.Bool right) {
    return event -> {
      boolean answer;
      try {
        answer = left.of(event);
      } catch (Undecided e) {
        if (!right.of(event)) {
          throw e;
        }
        return true;
      }
      return answer || right.of(event);
    };
  }

  private static Code.Bool not(Code.Bool of) {
    return event -> !of.of(event);
  }

  private Code.Bool compare(Comparisons.Order order, String operands, CelExpr expr)
      throws NotCompiled {
    CelExpr left = operand(expr, 0);
    CelExpr right = operand(expr, 1);
    return switch (operands) {
      case "int64" -> Comparisons.compare(order, integer(left), integer(right));
      case "double" -> Comparisons.compare(order, number(left), number(right));
      case "int64_double" -> Comparisons.compare(order, integer(left), number(right));
      case "double_int64" -> Comparisons.compare(order, number(left), integer(right));
      case "string" -> Comparisons.compare(order, text(left), text(right));
      case "timestamp" -> Comparisons.compare(order, time(left), time(right));
      case "bool" -> Comparisons.compare(order, bool(left), bool(right));
      default -> throw new NotCompiled();
    };
  }

  private Code.Bool equal(CelExpr left, CelExpr right) throws NotCompiled {
    if (kind(left) == CelKind.DYN || kind(right) == CelKind.DYN) {
      return Comparisons.equalAtLarge(code(left), code(right));
    }
    if (kind(left) != kind(right)) {
      throw new NotCompiled();
    }
    return switch (kind(left)) {
      case INT -> Comparisons.equal(integer(left), integer(right));
      case DOUBLE -> Comparisons.equal(number(left), number(right));
      case BOOL -> Comparisons.equal(bool(left), bool(right));
      case STRING -> equalTexts(left, right);
      case TIMESTAMP -> Comparisons.same(time(left), time(right));
      default -> throw new NotCompiled();
    };
  }

  private Code.Bool equalTexts(CelExpr left, CelExpr right) throws NotCompiled {
    if (isField(left) && isPlainConstant(right)) {
      return field(left).isText(right.constant().stringValue());
    }
    if (isField(right) && isPlainConstant(left)) {
      return field(right).isText(left.constant().stringValue());
    }
    return Comparisons.same(text(left), text(right));
  }

  private Code.Bool startsWith(CelExpr text, CelExpr prefix) throws NotCompiled {
    if (isField(text) && isPlainConstant(prefix)) {
      return field(text).startsWith(prefix.constant().stringValue());
    }
    Code.Text whole = text(text);
    Code.Text part = text(prefix);
    return event -> whole.of(event).startsWith(part.of(event));
  }

  private Code.Bool endsWith(CelExpr text, CelExpr suffix) throws NotCompiled {
    if (isField(text) && isPlainConstant(suffix)) {
      return field(text).endsWith(suffix.constant().stringValue());
    }
    Code.Text whole = text(text);
    Code.Text part = text(suffix);
    return event -> whole.of(event).endsWith(part.of(event));
  }

  /** Anywhere in the text, as the reference looks; only for an expression that is known now. */
  private Code.Bool matches(CelExpr text, CelExpr regularExpression) throws NotCompiled {
    if (!isPlainConstant(regularExpression)) {
      throw new NotCompiled();
    }
    Code.Text in = text(text);
    try {
      Pattern pattern = Pattern.compile(regularExpression.constant().stringValue());
      return event -> pattern.matcher(in.of(event)).find();
    } catch (PatternSyntaxException e) {
      throw new NotCompiled();
    }
  }

  private Code.Bool in(CelExpr value, CelExpr list) throws NotCompiled {
    if (kind(list) != CelKind.LIST || ((ListType) type(list)).elemType().kind() != kind(value)) {
      throw new NotCompiled();
    }
    switch (kind(value)) {
      case STRING -> {
        Optional<Set<String>> known = constants(list, CelConstant.Kind.STRING_VALUE, String.class);
        if (known.isPresent()) {
          return isField(value) && known.get().stream().allMatch(Compilation::isPlain)
              ? Membership.of(field(value), known.get())
              : Membership.of(text(value), known.get());
        }
      }
      case INT -> {
        Optional<Set<Long>> known = constants(list, CelConstant.Kind.INT64_VALUE, Long.class);
        if (known.isPresent()) {
          return Membership.of(integer(value), known.get());
        }
      }
      case DOUBLE, BOOL -> {
        // Looked for as the reference looks.
      }
      default -> throw new NotCompiled();
    }
    return Membership.of(code(value), items(list));
  }

  static <T> Optional<Set<T>> constants(CelExpr list, CelConstant.Kind kind, Class<T> of) {
    if (list.getKind() != CelExpr.ExprKind.Kind.LIST || !list.list().optionalIndices().isEmpty()) {
      return Optional.empty();
    }
    Set<T> found = new LinkedHashSet<>();
    for (CelExpr element : list.list().elements()) {
      if (element.getKind() != CelExpr.ExprKind.Kind.CONSTANT
          || element.constant().getKind() != kind) {
        return Optional.empty();
      }
      found.add(
          of.cast(
              kind == CelConstant.Kind.STRING_VALUE
                  ? (Object) element.constant().stringValue()
                  : (Object) element.constant().int64Value()));
    }
    return Optional.of(found);
  }

  private Code.Items items(CelExpr expr) throws NotCompiled {
    switch (expr.getKind()) {
      case SELECT -> {
        Field field = field(expr);
        return field.type() instanceof FieldType.Array ? field::items : notCompiled();
      }
      case LIST -> {
        if (!expr.list().optionalIndices().isEmpty()) {
          throw new NotCompiled();
        }
        List<Code> elements = new ArrayList<>();
        for (CelExpr element : expr.list().elements()) {
          elements.add(code(element));
        }
        return event -> {
          List<Object> values = new ArrayList<>(elements.size());
          for (Code element : elements) {
            values.add(element.value(event));
          }
          return values;
        };
      }
      default -> throw new NotCompiled();
    }
  }

  Code.Int integer(CelExpr expr) throws NotCompiled {
    expect(expr, CelKind.INT);
    return switch (expr.getKind()) {
      case CONSTANT -> {
        long value = constant(expr, CelConstant.Kind.INT64_VALUE).int64Value();
        yield event -> value;
      }
      case SELECT -> field(expr)::integer;
      case CALL -> integerCall(expr);
      default -> throw new NotCompiled();
    };
  }

  private Code.Int integerCall(CelExpr expr) throws NotCompiled {
    return switch (overload(expr)) {
      case "add_int64" ->
          Arithmetic.exact(integer(operand(expr, 0)), integer(operand(expr, 1)), Math::addExact);
      case "subtract_int64" ->
          Arithmetic.exact(
              integer(operand(expr, 0)), integer(operand(expr, 1)), Math::subtractExact);
      case "multiply_int64" ->
          Arithmetic.exact(
              integer(operand(expr, 0)), integer(operand(expr, 1)), Math::multiplyExact);
      case "divide_int64" ->
          Arithmetic.divide(integer(operand(expr, 0)), integer(operand(expr, 1)));
      case "modulo_int64" ->
          Arithmetic.modulo(integer(operand(expr, 0)), integer(operand(expr, 1)));
      case "negate_int64" -> Arithmetic.negate(integer(operand(expr, 0)));
      case "int64_to_int64" -> integer(operand(expr, 0));
      case "double_to_int64" -> Arithmetic.truncate(number(operand(expr, 0)));
      case "size_string", "string_size" -> {
        Code.Text text = text(operand(expr, 0));
        yield event -> {
          String of = text.of(event);
          return of.codePointCount(0, of.length());
        };
      }
      case "size_list", "list_size" -> {
        Code.Items items = items(operand(expr, 0));
        yield event -> items.of(event).size();
      }
      case "conditional" -> {
        Code.Bool condition = bool(operand(expr, 0));
        Code.Int yes = integer(operand(expr, 1));
        Code.Int no = integer(operand(expr, 2));
        yield event -> condition.of(event) ? yes.of(event) : no.of(event);
      }
      default -> throw new NotCompiled();
    };
  }

  Code.Double number(CelExpr expr) throws NotCompiled {
    expect(expr, CelKind.DOUBLE);
    return switch (expr.getKind()) {
      case CONSTANT -> {
        double value = constant(expr, CelConstant.Kind.DOUBLE_VALUE).doubleValue();
        yield event -> value;
      }
      case SELECT -> field(expr)::number;
      case CALL -> numberCall(expr);
      default -> throw new NotCompiled();
    };
  }

  private Code.Double numberCall(CelExpr expr) throws NotCompiled {
    switch (overload(expr)) {
      case "negate_double", "double_to_double" -> {
        Code.Double of = number(operand(expr, 0));
        return overload(expr).equals("negate_double") ? event -> -of.of(event) : of;
      }
      case "int64_to_double" -> {
        Code.Int of = integer(operand(expr, 0));
        return event -> of.of(event);
      }
      case "conditional" -> {
        Code.Bool condition = bool(operand(expr, 0));
        Code.Double yes = number(operand(expr, 1));
        Code.Double no = number(operand(expr, 2));
        return event -> condition.of(event) ? yes.of(event) : no.of(event);
      }
      case "add_double", "subtract_double", "multiply_double", "divide_double" -> {
        Code.Double left = number(operand(expr, 0));
        Code.Double right = number(operand(expr, 1));
        return switch (overload(expr).charAt(0)) {
          case 'a' -> event -> left.of(event) + right.of(event);
          case 's' -> event -> left.of(event) - right.of(event);
          case 'm' -> event -> left.of(event) * right.of(event);
          default -> event -> left.of(event) / right.of(event);
        };
      }
      default -> throw new NotCompiled();
    }
  }

  Code.Text text(CelExpr expr) throws NotCompiled {
    expect(expr, CelKind.STRING);
    return switch (expr.getKind()) {
      case CONSTANT -> {
        String value = constant(expr, CelConstant.Kind.STRING_VALUE).stringValue();
        yield event -> value;
      }
      case SELECT -> field(expr)::text;
      case CALL -> textCall(expr);
      default -> throw new NotCompiled();
    };
  }

  private Code.Text textCall(CelExpr expr) throws NotCompiled {
    return switch (overload(expr)) {
      case "add_string" -> {
        Code.Text left = text(operand(expr, 0));
        Code.Text right = text(operand(expr, 1));
        yield event -> left.of(event) + right.of(event);
      }
      case "conditional" -> {
        Code.Bool condition = bool(operand(expr, 0));
        Code.Text yes = text(operand(expr, 1));
        Code.Text no = text(operand(expr, 2));
        yield event -> condition.of(event) ? yes.of(event) : no.of(event);
      }
      case "string_to_string" -> text(operand(expr, 0));
      case "int64_to_string" -> {
        Code.Int of = integer(operand(expr, 0));
        yield event -> Long.toString(of.of(event));
      }
      case "double_to_string" -> {
        Code.Double of = number(operand(expr, 0));
        yield event -> Double.toString(of.of(event));
      }
      case "bool_to_string" -> {
        Code.Bool of = bool(operand(expr, 0));
        yield event -> Boolean.toString(of.of(event));
      }
      default -> throw new NotCompiled();
    };
  }

  Code.Time time(CelExpr expr) throws NotCompiled {
    expect(expr, CelKind.TIMESTAMP);
    return switch (expr.getKind()) {
      case SELECT -> field(expr)::time;
      case CALL -> {
        if (overload(expr).equals("timestamp_to_timestamp")) {
          yield time(operand(expr, 0));
        }
        Instant value = constantTime(expr);
        yield event -> value;
      }
      default -> throw new NotCompiled();
    };
  }

  /** What the reference refuses each time (years beyond 9999) is left to it. */
  Instant constantTime(CelExpr expr) throws NotCompiled {
    if (!overload(expr).equals("string_to_timestamp") || !isPlainConstant(operand(expr, 0))) {
      throw new NotCompiled();
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(operand(expr, 0).constant().stringValue());
      int year = time.toInstant().atOffset(java.time.ZoneOffset.UTC).getYear();
      return year >= 1 && year <= 9999 ? time.toInstant() : notCompiled();
    } catch (DateTimeException e) {
      throw new NotCompiled();
    }
  }

  private Code.Any any(CelExpr expr) throws NotCompiled {
    Field field = field(expr);
    return field::scalar;
  }

  private boolean isField(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.SELECT && !expr.select().testOnly();
  }

  Field field(CelExpr expr) throws NotCompiled {
    if (!isField(expr)) {
      throw new NotCompiled();
    }
    List<String> names = new ArrayList<>();
    FieldType type = follow(expr, names);
    return new Field(FieldPath.of(names), type);
  }

  /** From {@code event} down; adds the names on the way. */
  FieldType follow(CelExpr expr, List<String> names) throws NotCompiled {
    switch (expr.getKind()) {
      case IDENT -> {
        return expr.ident().name().equals("event") ? root : notCompiled();
      }
      case SELECT -> {
        if (expr.select().testOnly() || tree.getReference(expr.id()).isPresent()) {
          throw new NotCompiled();
        }
        FieldType parent = follow(expr.select().operand(), names);
        names.add(expr.select().field());
        return parent instanceof FieldType.Obj obj
            ? fieldOf(obj, expr.select().field())
            : notCompiled();
      }
      default -> throw new NotCompiled();
    }
  }

  private static FieldType fieldOf(FieldType.Obj parent, String name) throws NotCompiled {
    return parent.field(name).orElseThrow(NotCompiled::new).type();
  }

  private void expect(CelExpr expr, CelKind kind) throws NotCompiled {
    if (kind(expr) != kind) {
      throw new NotCompiled();
    }
  }

  private static CelConstant constant(CelExpr expr, CelConstant.Kind kind) throws NotCompiled {
    if (expr.constant().getKind() != kind) {
      throw new NotCompiled();
    }
    return expr.constant();
  }

  static boolean isPlainConstant(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
        && isPlain(expr.constant().stringValue());
  }

  /** It has a form in UTF-8: no half of a pair. */
  private static boolean isPlain(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  String overload(CelExpr expr) throws NotCompiled {
    List<String> overloads =
        tree.getReference(expr.id()).orElseThrow(NotCompiled::new).overloadIds();
    return overloads.size() == 1 ? overloads.get(0) : notCompiled();
  }

  /** The receiver counts as the first. */
  static CelExpr operand(CelExpr call, int number) {
    return call.call().target().isEmpty()
        ? call.call().args().get(number)
        : number == 0 ? call.call().target().get() : call.call().args().get(number - 1);
  }

  private static <T> T notCompiled() throws NotCompiled {
    throw new NotCompiled();
  }
}
