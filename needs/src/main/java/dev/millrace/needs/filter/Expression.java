package dev.millrace.needs.filter;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.millrace.needs.event.Event;
import dev.millrace.needs.event.FieldPath;
import dev.millrace.needs.event.IndexedEvent;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldType;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A CEL expression over {@code event}, compiled against its schema. Deterministic; safe to share
 * between threads.
 *
 * <p>Cost is bounded twice: an expression that loops over lists inside loops over lists is refused,
 * and one evaluation makes at most {@value #MOST_ITERATIONS} turns of a loop.
 */
public final class Expression {
  private static final int LONGEST = 10_000;
  private static final int DEEPEST_LOOP = 2;
  private static final int MOST_ITERATIONS = 10_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .evaluateCanonicalTypesToNativeValues(true)
          .comprehensionMaxIterations(MOST_ITERATIONS)
          .maxExpressionCodePointSize(LONGEST)
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

  private final CelRuntime.Program program;
  private final FieldType.Obj root;
  private final Map<String, FieldPath> paths;
  private final FieldType result;
  private final @Nullable Code code;
  private final CelAbstractSyntaxTree tree;
  private final @Nullable Condition condition;

  private Expression(
      CelAbstractSyntaxTree tree,
      CelRuntime.Program program,
      FieldType.Obj root,
      FieldType result,
      Optional<Code> code,
      Optional<Condition> condition) {
    this.tree = tree;
    this.program = program;
    this.root = root;
    this.paths = CelValues.paths(root);
    this.result = result;
    this.code = code.orElse(null);
    this.condition = condition.orElse(null);
  }

  /**
   * @throws ExpressionRejected with every mistake the compiler found
   */
  public static Expression compile(String source, EventSchema schema) throws ExpressionRejected {
    EventTypes types = new EventTypes(schema);
    CelCompiler compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(types)
            .addVar("event", types.event())
            .build();
    try {
      CelAbstractSyntaxTree tree = compiler.compile(source).getAst();
      refuseCostly(tree);
      return new Expression(
          tree,
          RUNTIME.createProgram(tree),
          schema.root(),
          fieldType(tree.getResultType()),
          Compilation.of(tree, schema.root()),
          Necessity.of(tree, schema.root()));
    } catch (CelValidationException e) {
      throw new ExpressionRejected(Mistakes.of(e, schema));
    } catch (CelEvaluationException e) {
      throw new ExpressionRejected(
          List.of(
              new ExpressionRejected.Mistake(
                  "ExpressionSyntax",
                  "the expression cannot be run: " + e.getMessage(),
                  "Write it in another way.")));
    }
  }

  /** What it gives, in the terms of a schema. */
  public FieldType result() {
    return result;
  }

  /** Whether it runs as code; otherwise the reference evaluator runs it, many times slower. */
  public boolean isCompiled() {
    return code != null;
  }

  /** For people, what keeps it from running as code; empty when it does. */
  public Optional<String> whyNotCompiled() {
    return isCompiled() ? Optional.empty() : Optional.of(Compilation.whyNot(tree, root));
  }

  /** The fields of the event that it may read, dotted, in the order in which it names them. */
  public List<String> fields() {
    return ReadFields.of(tree.getExpr());
  }

  /** Whether it takes the event as a whole, so that {@link #fields} does not name all it reads. */
  public boolean readsWholeEvent() {
    return ReadFields.isWhole(tree.getExpr());
  }

  /**
   * @return Boolean, Long, Double, String, Instant, List, Map or another value of CEL
   * @throws EvaluationFailed when it has no value for this event, such as when a field it reads is
   *     absent
   */
  public Object evaluate(Event event) throws EvaluationFailed {
    Object value = byCode(event);
    return value == null ? reference(CelValues.of(event, root, paths)) : value;
  }

  /** Null when the reference must be asked: for the value, or the words for why there is none. */
  @Nullable Object byCode(Event event) {
    if (code == null || !(event instanceof IndexedEvent indexed)) {
      return null;
    }
    try {
      return code.value(indexed);
    } catch (Undecided e) {
      return null;
    }
  }

  /** See {@link Filter#candidates}. */
  @Nullable BitSet candidates(TermIndexes indexes) {
    return condition == null ? null : condition.candidates(indexes);
  }

  /**
   * The same by the reference evaluator alone.
   *
   * @param event an object
   */
  public Object evaluate(JsonNode event) throws EvaluationFailed {
    try {
      return reference(CelValues.of(event, root, ""));
    } catch (CelValues.TypeDiffers e) {
      throw new EvaluationFailed("FilterFailed", quoted(e.getMessage()), e.getMessage());
    }
  }

  private Object reference(Object event) throws EvaluationFailed {
    try {
      return program.eval(Map.of("event", event));
    } catch (CelEvaluationException e) {
      throw failed(e);
    } catch (CelValues.TypeDiffers e) {
      throw new EvaluationFailed("FilterFailed", quoted(e.getMessage()), e.getMessage());
    }
  }

  private static EvaluationFailed failed(CelEvaluationException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CelValues.TypeDiffers) {
        return new EvaluationFailed("FilterFailed", quoted(cause.getMessage()), cause.getMessage());
      }
    }
    if (e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
      String field = missingField(String.valueOf(e.getMessage()));
      return new EvaluationFailed(
          "FilterFailed", field, "the field " + field + " is absent; guard it with has()");
    }
    if (e.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
      return new EvaluationFailed(
          "FilterTooExpensive",
          "",
          "the expression made more than " + MOST_ITERATIONS + " turns over this event's lists");
    }
    return new EvaluationFailed(
        "FilterFailed", "", "the expression failed with " + e.getErrorCode());
  }

  /** The library tells the key only in its message: {@code key 'total' is not present in map.} */
  private static String missingField(String message) {
    String name = quoted(message);
    return name.isEmpty() ? "it reads" : name;
  }

  private static String quoted(String message) {
    int open = message.indexOf('\'');
    int close = message.indexOf('\'', open + 1);
    return open < 0 || close < 0 ? "" : message.substring(open + 1, close);
  }

  private static void refuseCostly(CelAbstractSyntaxTree tree) throws ExpressionRejected {
    int depth = loopDepth(tree.getExpr());
    if (depth > DEEPEST_LOOP) {
      throw new ExpressionRejected(
          List.of(
              new ExpressionRejected.Mistake(
                  "FilterTooExpensive",
                  "loops over lists are nested "
                      + depth
                      + " deep; each event would cost a product of list lengths",
                  "Nest at most " + DEEPEST_LOOP + " of exists, all, map, filter, exists_one.")));
    }
  }

  private static int loopDepth(CelExpr expr) {
    return switch (expr.getKind()) {
      case SELECT -> loopDepth(expr.select().operand());
      case CALL -> {
        int deepest = expr.call().target().map(Expression::loopDepth).orElse(0);
        for (CelExpr argument : expr.call().args()) {
          deepest = Math.max(deepest, loopDepth(argument));
        }
        yield deepest;
      }
      case LIST -> expr.list().elements().stream().mapToInt(Expression::loopDepth).max().orElse(0);
      case MAP ->
          expr.map().entries().stream()
              .mapToInt(e -> Math.max(loopDepth(e.key()), loopDepth(e.value())))
              .max()
              .orElse(0);
      case STRUCT ->
          expr.struct().entries().stream().mapToInt(e -> loopDepth(e.value())).max().orElse(0);
      case COMPREHENSION -> {
        CelExpr.CelComprehension loop = expr.comprehension();
        int inside =
            Math.max(
                loopDepth(loop.loopStep()),
                Math.max(loopDepth(loop.loopCondition()), loopDepth(loop.result())));
        yield Math.max(loopDepth(loop.iterRange()), 1 + inside);
      }
      case CONSTANT, IDENT, NOT_SET -> 0;
    };
  }

  private static FieldType fieldType(CelType type) {
    if (type.equals(SimpleType.BOOL)) {
      return new FieldType.Bool();
    }
    if (type.equals(SimpleType.INT) || type.equals(SimpleType.UINT)) {
      return new FieldType.Int();
    }
    if (type.equals(SimpleType.DOUBLE)) {
      return new FieldType.Number();
    }
    if (type.equals(SimpleType.STRING)) {
      return new FieldType.Text(FieldType.Format.PLAIN);
    }
    if (type.equals(SimpleType.TIMESTAMP)) {
      return new FieldType.Text(FieldType.Format.DATE_TIME);
    }
    if (type instanceof ListType list) {
      return new FieldType.Array(fieldType(list.elemType()));
    }
    if (type instanceof StructType) {
      return new FieldType.Obj(Map.of());
    }
    return new FieldType.Any();
  }
}
