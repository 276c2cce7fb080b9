package dev.millrace.needs.plan;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The plans of a rebuild. What a subscription holds is built anew by a <em>shadow</em>: a pipeline
 * of its own that workers run like any other, with a table or key space and cursors of its own,
 * beside the <em>live</em> one that goes on being fed. When both stand at the same cursors, the
 * shadow's content takes the place of the live one's, and the <em>next</em> plan runs. Pure.
 */
public final class Rebuilds {
  /** No subscription's name has it, so no subscription's plan or report is taken for a shadow's. */
  private static final String MARK = "~rebuild";

  /** Nobody but the platform looks into it. */
  private static final String SCHEMA = "millrace";

  private Rebuilds() {}

  public static ObjectKey shadowOf(ObjectKey subscription) {
    return new ObjectKey(subscription.tenant(), subscription.name() + MARK);
  }

  /** The subscription that a pipeline works for, be it a shadow's or not. */
  public static ObjectKey subscriptionOf(ObjectKey pipeline) {
    String name = pipeline.name();
    return name.endsWith(MARK)
        ? new ObjectKey(pipeline.tenant(), name.substring(0, name.length() - MARK.length()))
        : pipeline;
  }

  /**
   * Whether the one leaves in a store what the other would if it were built anew. The order of
   * columns is no part of it, nor since when there is which.
   */
  public static boolean sameContent(PipelinePlan one, PipelinePlan other) {
    return content(one).equals(content(other));
  }

  private static List<@Nullable Object> content(PipelinePlan plan) {
    List<@Nullable Object> all = new ArrayList<>();
    all.add(plan.filter());
    all.add(
        plan.columns().stream()
            .map(PipelinePlan.Column::always)
            .sorted(Comparator.comparing(PipelinePlan.Column::name))
            .toList());
    all.add(plan.mode());
    all.add(plan.hashKey());
    all.add(plan.target().table());
    all.add(plan.target().keys());
    return all;
  }

  /** The pipeline that builds what {@code next} will go on with. */
  public static PipelinePlan shadow(PipelinePlan next) {
    String mark = mark(next);
    PipelinePlan.Target target = next.target();
    return next.of(
        shadowOf(next.subscription()),
        next.uid() + "~" + next.definition() + "-" + mark,
        target.at(table(target.table(), mark), keys(target.keys(), mark)));
  }

  private static PipelinePlan.@Nullable Table table(PipelinePlan.@Nullable Table of, String mark) {
    return of == null ? null : new PipelinePlan.Table(SCHEMA, "rebuild_" + mark, of.indexes());
  }

  private static PipelinePlan.@Nullable Keys keys(PipelinePlan.@Nullable Keys of, String mark) {
    String own = "rebuild~" + mark + ":";
    return of == null
        ? null
        : new PipelinePlan.Keys(
            of.structure(), own + of.template(), own + of.prefix(), of.ttlSeconds());
  }

  /** Whether this shadow builds what {@code next} wants, wherever it stands and was begun. */
  public static boolean builds(PipelinePlan shadow, PipelinePlan next) {
    return shadow.subscription().equals(shadowOf(next.subscription()))
        && shadow.uid().startsWith(next.uid() + "~")
        && shadow.uid().endsWith("-" + mark(next));
  }

  /** What runs once the shadow's content has taken the live one's place. */
  public static PipelinePlan next(PipelinePlan live, PipelinePlan shadow) {
    PipelinePlan.Target target = live.target();
    PipelinePlan.Table table = target.table();
    PipelinePlan.Keys keys = target.keys();
    return shadow
        .of(
            live.subscription(),
            live.uid(),
            target.at(
                table == null
                    ? null
                    : new PipelinePlan.Table(
                        table.schema(),
                        table.name(),
                        Objects.requireNonNull(shadow.target().table()).indexes()),
                keys == null
                    ? null
                    : new PipelinePlan.Keys(
                        Objects.requireNonNull(shadow.target().keys()).structure(),
                        keys.template(),
                        keys.prefix(),
                        Objects.requireNonNull(shadow.target().keys()).ttlSeconds())))
        .heldAt(null);
  }

  /** The live plan with what may change while it runs, from the plan that is wanted. */
  public static PipelinePlan carrying(PipelinePlan live, PipelinePlan wanted) {
    return live.carrying(wanted.state(), wanted.onError(), wanted.loss());
  }

  /** The least place, partition by partition, that none of these is beyond. */
  @SafeVarargs
  public static Map<Integer, Long> further(
      @Nullable Map<Integer, Long> hold, Map<Integer, Long>... places) {
    Map<Integer, Long> further = new TreeMap<>(hold == null ? Map.of() : hold);
    for (Map<Integer, Long> each : places) {
      each.forEach((partition, place) -> further.merge(partition, place, Math::max));
    }
    return further;
  }

  /** Another rebuild has another: of other content, or asked for by another token. */
  private static String mark(PipelinePlan next) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (next.uid() + "\n" + next.rebuild() + "\n" + content(next))
                      .getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
