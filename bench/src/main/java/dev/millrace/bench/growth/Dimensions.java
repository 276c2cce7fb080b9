package dev.millrace.bench.growth;

import dev.millrace.bench.contestant.GrowthPoint;
import dev.millrace.bench.row.Scenario;
import dev.millrace.bench.site.Product;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.workload.Form;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * All that cost may grow with. Within a dimension the work is the same amount of what its cost is
 * told for, so that what a start takes weighs the same in every point; only in {@code events} it is
 * not.
 */
public final class Dimensions {
  private static final long MILLION = 1_000_000;
  private static final long SIZED_BYTES = 300_000_000;
  private static final long VALUES = 10_000_000;
  private static final long SHARED_EVENTS = 3_000_000;

  /** How many times less there is of everything to see that it works. */
  private static final int SMOKE = 50;

  private static final int SMOKE_SUBSCRIPTIONS = 20;

  private final boolean smoke;

  private Dimensions(boolean smoke) {
    this.smoke = smoke;
  }

  /**
   * @param smoke little of everything, to see that all works
   */
  public static List<Dimension> all(boolean smoke) {
    Dimensions of = new Dimensions(smoke);
    return List.of(
        of.partitions(), of.size(), of.fields(), of.subscriptions(), of.events(), of.workers());
  }

  /** The least that has something of every dimension, for CI. */
  public static Scenario smoke() {
    Product product =
        Product.of("grown-a-little", true).withPartitions(16).withForm(Form.ofFields(50));
    return new Scenario(
        "growth",
        List.of(
            GrowthPoint.of("two-one-killed", product, 20_000, events(20_000))
                .withWorkers(2)
                .killingOne(),
            GrowthPoint.of(
                    "three-ranges",
                    Product.of("grown-large", true).withForm(Form.ofBytes(10_000)),
                    2_000,
                    events(2_000))
                .withRanges(3)));
  }

  private Dimension partitions() {
    return new Dimension(
        "partitions",
        "partitions of the topic",
        "million events",
        "",
        IntStream.of(1, 4, 16, 64)
            .mapToObj(count ->
                GrowthPoint.of(
                    Integer.toString(count),
                    Product.of("grown-partitions-" + count, false).withPartitions(count),
                    less(MILLION),
                    events(less(MILLION))))
            .toList(),
        false,
        false);
  }

  private Dimension size() {
    return new Dimension(
        "size",
        "bytes of an event",
        "GB",
        "",
        IntStream.of(100, 1_000, 10_000, 100_000)
            .mapToObj(bytes ->
                GrowthPoint.of(
                    Integer.toString(bytes),
                    Product.of("grown-size-" + bytes, false).withForm(Form.ofBytes(bytes)),
                    less(SIZED_BYTES / bytes),
                    stream -> stream.bytes() / 1e9))
            .toList(),
        true,
        false);
  }

  private Dimension fields() {
    return new Dimension(
        "fields",
        "fields of an event, all taken",
        "million values",
        "",
        IntStream.of(5, 50, 500)
            .mapToObj(count ->
                GrowthPoint.of(
                    Integer.toString(count),
                    Product.of("grown-fields-" + count, false).withForm(Form.ofFields(count)),
                    less(VALUES / count),
                    events(less(VALUES))))
            .toList(),
        true,
        false);
  }

  private Dimension subscriptions() {
    Product product = Product.of("grown-subscriptions", true);
    return new Dimension(
        "subscriptions",
        "subscriptions, which get 40 % of the events together",
        "million events",
        "",
        IntStream.of(1, 10, 50, 200, 1_000)
            .map(count -> smoke ? Math.min(count, SMOKE_SUBSCRIPTIONS) : count)
            .distinct()
            .mapToObj(count ->
                GrowthPoint.of(
                        Integer.toString(count), product, less(MILLION), events(less(MILLION)))
                    .withRanges(count))
            .toList(),
        false,
        true);
  }

  private Dimension events() {
    return new Dimension(
        "events",
        "events",
        "million events",
        "",
        IntStream.of(1, 10)
            .mapToObj(millions ->
                GrowthPoint.of(
                    Long.toString(less(millions * MILLION)),
                    Product.of("grown-events-" + millions, false),
                    less(millions * MILLION),
                    events(less(millions * MILLION))))
            .toList(),
        false,
        false);
  }

  private Dimension workers() {
    Product product = Product.of("grown-workers", false);
    GrowthPoint one =
        GrowthPoint.of("1", product, less(SHARED_EVENTS), events(less(SHARED_EVENTS)));
    return new Dimension(
        "workers",
        "workers on four partitions",
        "million events",
        "one of two is killed when a third is done",
        List.of(
            one,
            one.named("2").withWorkers(2),
            one.named("2, one killed").withWorkers(2).killingOne()),
        false,
        false);
  }

  private long less(long amount) {
    return smoke ? Math.max(1, amount / SMOKE) : amount;
  }

  private static ToDoubleFunction<Stream> events(long count) {
    return stream -> count / 1e6;
  }
}
