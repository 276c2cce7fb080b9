package dev.millrace.needs.plan;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.access.Classified;
import dev.millrace.needs.check.Need;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.column.ColumnTypes;
import dev.millrace.needs.schema.EventSchema;
import dev.millrace.needs.schema.FieldChange;
import dev.millrace.needs.schema.SchemaRejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells a change of the product's schema from one of the subscription, and what follows of it. The
 * plan that runs carries the schema it was made from, so what differs though the schema does not
 * was changed by whoever asked for the subscription, and is done as asked. What the schema changed
 * goes by the subscription's policy. Pure.
 */
public final class Changes {
  private final PipelinePlan live;
  private final PipelinePlan wanted;
  private final Need need;
  private final BiPredicate<ColumnType, ColumnType> inPlace;
  private final EventSchema before;
  private final EventSchema after;
  private final List<FieldChange> fields;

  private final List<String> bySchema = new ArrayList<>();
  private final List<String> withheld = new ArrayList<>();
  private boolean bySubscription;
  private boolean grown;
  private boolean promoted;
  private boolean broken;

  private Changes(
      PipelinePlan live,
      PipelinePlan wanted,
      Need need,
      BiPredicate<ColumnType, ColumnType> inPlace) {
    this.live = live;
    this.wanted = wanted;
    this.need = need;
    this.inPlace = inPlace;
    this.before = schema(live);
    this.after = schema(wanted);
    this.fields = before.changesTo(after);
  }

  /**
   * @param live the plan that runs
   * @param wanted the plan of {@code need}, of the same subscription
   * @param asked a rebuild was asked for
   * @param inPlace whether the engine makes a column of the one type one of the other without a
   *     look at its rows, which stay what they are
   */
  public static Change of(
      PipelinePlan live,
      PipelinePlan wanted,
      Need need,
      boolean asked,
      BiPredicate<ColumnType, ColumnType> inPlace) {
    Changes changes = new Changes(live, wanted, need, inPlace);
    changes.compare();
    return changes.result(asked);
  }

  private void compare() {
    bySubscription =
        !Objects.equals(live.filter(), wanted.filter())
            || !live.mode().equals(wanted.mode())
            || !Objects.equals(live.hashKey(), wanted.hashKey())
            || !Objects.equals(live.target().table(), wanted.target().table())
            || !Objects.equals(live.target().keys(), wanted.target().keys());
    Map<String, PipelinePlan.Column> were = byName(live.columns());
    for (PipelinePlan.Column is : wanted.columns()) {
      PipelinePlan.Column was = were.remove(is.name());
      if (was == null) {
        added(is);
      } else if (!was.always().equals(is)) {
        changed(was.always(), is);
      }
    }
    were.values().forEach(this::removed);
    if (live.filter() != null) {
      mentioned("the filter", live.filter());
    }
    live.columns().stream()
        .filter(column -> column.expr() != null)
        .forEach(column -> mentioned("'" + column.name() + "'", column.expr()));
    fieldChange(live.source().key())
        .filter(change -> bySchema.stream().noneMatch(change.spelled()::equals))
        .ifPresent(change -> says(change.spelled(), false));
  }

  private void added(PipelinePlan.Column column) {
    String field = column.field();
    if (!need.everyField() || field == null) {
      bySubscription = true;
    } else if (Classified.holds(field, need.productSpec())) {
      withheld.add(field);
    } else if (before.root().field(field).isEmpty()) {
      bySchema.add("'" + field + "' was added (" + column.type() + ")");
      grown = true;
    } else {
      bySubscription = true;
    }
  }

  private void changed(PipelinePlan.Column was, PipelinePlan.Column is) {
    Optional<FieldChange> change = fieldChange(is.field());
    boolean typeAlone = was.equals(retyped(is, was.type()));
    boolean inPlaceToo = !is.key() && inPlace.test(type(was), type(is));
    boolean follows = is.expr() != null && !mentions(is.expr()).isEmpty();
    if (typeAlone && inPlaceToo) {
      grown = true;
      change.map(FieldChange::spelled).ifPresent(bySchema::add);
    } else if (typeAlone && change.isPresent()) {
      says(change.get().spelled(), !is.key() && ColumnTypes.promotes(type(was), type(is)));
    } else if (!typeAlone || !follows) {
      bySubscription = true;
    }
  }

  private void removed(PipelinePlan.Column column) {
    if (need.everyField()
        && column.field() != null
        && after.root().field(column.field()).isEmpty()) {
      says("'" + column.field() + "' is gone", false);
    } else {
      bySubscription = true;
    }
  }

  /**
   * An expression reads a field that is another now, so it may say something else of old events.
   */
  private void mentioned(String what, String expression) {
    for (FieldChange change : mentions(expression)) {
      says(change.spelled() + ", and " + what + " reads it", change.isWidened());
    }
  }

  /** By the last name of the path: too many rather than too few. */
  private List<FieldChange> mentions(String expression) {
    return fields.stream()
        .filter(change -> {
          String name = change.path().substring(change.path().lastIndexOf('.') + 1);
          return Pattern.compile("(?<![\\w])" + Pattern.quote(name) + "(?![\\w])")
              .matcher(expression)
              .find();
        })
        .toList();
  }

  private void says(String what, boolean widened) {
    bySchema.add(what);
    promoted |= widened;
    broken |= !widened;
  }

  private Change result(boolean asked) {
    if (asked) {
      return new Change(Change.Way.REBUILD, wanted.columns(), bySchema, List.of());
    }
    // Whoever changes something else has not asked for them either.
    List<PipelinePlan.Column> columns =
        wanted.columns().stream().filter(column -> !withheld.contains(column.field())).toList();
    return new Change(bySubscription ? Change.Way.REBUILD : way(), columns, bySchema, withheld);
  }

  private Change.Way way() {
    boolean stops = need.onSchemaChange().equals("Stop") && !bySchema.isEmpty();
    if (stops || (broken && !need.onSchemaChange().equals("Rebuild"))) {
      return Change.Way.STOP;
    }
    if (broken || promoted) {
      return Change.Way.REBUILD;
    }
    return grown ? Change.Way.ALTER : Change.Way.NONE;
  }

  private Optional<FieldChange> fieldChange(@Nullable String path) {
    return fields.stream().filter(change -> change.path().equals(path)).findFirst();
  }

  private static PipelinePlan.Column retyped(PipelinePlan.Column column, String type) {
    return new PipelinePlan.Column(
        column.name(), column.field(), column.expr(), type, column.key(), column.mask());
  }

  private static ColumnType type(PipelinePlan.Column column) {
    return ColumnTypes.parse(column.type()).orElseThrow();
  }

  private static Map<String, PipelinePlan.Column> byName(List<PipelinePlan.Column> columns) {
    Map<String, PipelinePlan.Column> byName = new LinkedHashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    return byName;
  }

  private static EventSchema schema(PipelinePlan plan) {
    try {
      return EventSchema.of(plan.source().schema());
    } catch (SchemaRejected neverOfAProductThatWasTaken) {
      throw new IllegalStateException(neverOfAProductThatWasTaken);
    }
  }
}
