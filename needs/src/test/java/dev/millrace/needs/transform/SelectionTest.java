package dev.millrace.needs.transform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.needs.event.RandomEvents;
import dev.millrace.needs.event.RawEvent;
import dev.millrace.needs.filter.RandomExpressions;
import dev.millrace.needs.filter.RandomFilters;
import dev.millrace.needs.filter.RandomOrders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever is not asked about an event would have said what is taken for granted: it passes, or
 * leaves with its key. {@code -Dmillrace.cohorts=… -Dmillrace.seed=…} for more, or again.
 */
class SelectionTest {
  private static final int COHORTS = Integer.getInteger("millrace.cohorts", 120);
  private static final int MEMBERS = 25;
  private static final int EVENTS = 64;

  /** So often a term has to be asked for. */
  private static final int OFTEN = 3;

  private final Tally tally = new Tally();

  /**
   * 192,000 times a filter and an event, each twice: a cohort's members share an index, which has
   * not room for all that they compare; and each has one of its own.
   */
  @Test
  void whatIsNotAskedAboutLeavesAtTheFilterInAnyCase() throws Exception {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    System.out.println("SelectionTest: -Dmillrace.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < COHORTS; i++) {
      List<PipelinePlan> plans = plans(random);
      List<Transform> members = new ArrayList<>();
      for (PipelinePlan plan : plans) {
        members.add(Transforms.compile(plan, Optional.of(new byte[32])));
      }
      Records records = Records.of(random);
      SharedEvents shared = records.shared();
      members.forEach(member -> asked(member, shared));
      for (int k = 0; k < MEMBERS; k++) {
        String what = "seed " + seed + ", " + plans.get(k);
        tally.check(members.get(k), records, shared, what);
        tally.check(members.get(k), records, asked(members.get(k), records.shared()), what);
      }
    }
    System.out.println("SelectionTest: " + tally);
    assertThat(tally.passedOver).isGreaterThan(tally.filtered / 4);
    assertThat(tally.left).isGreaterThan(tally.passedOver / 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.country == 'DE'",
        "event.country in ['DE', 'FR']",
        "'DE' == event.country && event.total >= 100.0",
        "event.total >= 100 && event.total < 200",
        "100 < event.count && 200 >= event.count",
        "event.count % 123 == 7",
        "has(event.extra) && event.count == 7",
        "event.count == 7 || event.country == 'DE' || event.name == 'a'",
        "!(event.country != 'DE' || event.paid)",
        "event.name.startsWith('o-1')",
        "event.customer.email.endsWith('.com')",
        "event.day > '2026-11-24'",
        "event.at < timestamp('2026-01-01T00:00:00Z')",
        "event.customer.vip",
        "!event.paid",
        "event.country == 'DE' && event.tags.exists(t, t == 'x')",
        "event.tags.exists(t, t == 'x') && event.country == 'DE'",
        "event.country == 'DE' ? event.paid : event.open",
        "event.extra == 1",
      })
  void theUsualIsLookedUp(String filter) throws Exception {
    Random random = new Random(11);
    Transform transform = append(filter);
    Records records = Records.of(random);
    tally.check(transform, records, asked(transform, records.shared()), filter);

    assertThat(tally.passedOver).as(tally.toString()).isPositive();
  }

  /** To make an index costs more than two evaluations. */
  @Test
  void forOneAloneThereIsNoIndex() throws Exception {
    SharedEvents shared = Records.of(new Random(1)).shared();

    assertThat(append("event.count == 7").among(shared)).isSameAs(Selection.ALL);
    assertThat(append("event.count > 1").among(shared)).isSameAs(Selection.ALL);
    assertThat(append("event.count in [1, 2]").among(shared)).isNotSameAs(Selection.ALL);
  }

  @Test
  void ofAFewEventsThereIsNoIndex() throws Exception {
    SharedEvents shared = Records.of(new Random(1), 10).shared();
    Transform transform = append("event.count == 7");

    assertThat(transform.among(asked(transform, shared))).isSameAs(Selection.ALL);
  }

  /** More terms than are counted or made come first, each from one filter alone. */
  @Test
  void whatManyShareIsFoundAmongWhatNobodyDoes() throws Exception {
    SharedEvents shared = Records.of(new Random(1)).shared();
    for (int i = 0; i < 500; i++) {
      append("event.count % " + (1000 + i) + " == 1").among(shared);
      append("event.stock == " + i).among(shared);
    }

    assertThat(append("event.stock == 3").among(shared)).isNotSameAs(Selection.ALL);
    assertThat(append("event.count % 1000 == 1").among(shared)).isSameAs(Selection.ALL);
  }

  @Test
  void aNumberedKeyLeavesWithItsOwnDigest() throws Exception {
    List<RawEvent> events = new ArrayList<>();
    List<byte[]> keys = new ArrayList<>();
    for (Bids.Bid bid : Bids.of(200)) {
      events.add(new RawEvent(bid.value()));
      keys.add(bid.key());
    }
    Records records = new Records(keys, events);
    Transform transform =
        Transforms.compile(Bids.plan("event.auction % 10 == 3", Bids.ALL, false), Optional.empty());
    tally.check(transform, records, asked(transform, records.shared()), "bids");

    assertThat(tally.left).isGreaterThan(150);
  }

  /** What makes too many turns is dead, unless the other side says no. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.sizes.all(a, event.sizes.all(b, b >= a)) && event.country == 'DE'",
        "event.country == 'DE' && event.sizes.all(a, event.sizes.all(b, b >= a))",
      })
  void whatIsTooExpensiveIsAsDeadAsWithoutAnIndex(String filter) throws Exception {
    List<byte[]> keys = new ArrayList<>();
    List<RawEvent> events = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      keys.add(bytes("k"));
      events.add(
          new RawEvent(
              bytes(
                  "{\"id\":\"k\",\"country\":\"%s\",\"sizes\":[%s]}"
                      .formatted(i % 2 == 0 ? "DE" : "FR", "1,".repeat(120) + "1"))));
    }
    Records records = new Records(keys, events);
    Transform transform = append(filter);
    tally.check(transform, records, asked(transform, records.shared()), filter);

    assertThat(tally.passedOver).isEqualTo(20);
  }

  private static SharedEvents asked(Transform transform, SharedEvents shared) {
    for (int i = 0; i < OFTEN; i++) {
      transform.among(shared);
    }
    return shared;
  }

  private static Transform append(String filter) throws Exception {
    for (int seed = 0; ; seed++) {
      Random random = new Random(seed);
      PipelinePlan plan = RandomPlans.plan(random, filter, new RandomExpressions(random));
      if (plan.mode().equals("Append")) {
        return Transforms.compile(plan, Optional.of(new byte[32]));
      }
    }
  }

  /** Half of them compare the same few fields, as the members of a cohort do. */
  private static List<PipelinePlan> plans(Random random) throws Exception {
    RandomExpressions expressions = new RandomExpressions(random);
    RandomFilters filters = new RandomFilters(random);
    List<PipelinePlan> plans = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      String filter = i % 5 == 0 ? expressions.filter() : filters.filter();
      plans.add(RandomPlans.plan(random, filter, expressions));
    }
    return plans;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private record Records(List<byte[]> keys, List<RawEvent> events) {

    static Records of(Random random) {
      return of(random, EVENTS);
    }

    static Records of(Random random, int count) {
      List<byte[]> keys = new ArrayList<>();
      List<RawEvent> events = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String key = random.nextInt(10) == 0 ? "ké" : "k" + random.nextInt(5);
        String order = RandomOrders.order(random);
        byte[] event =
            bytes(random.nextInt(10) == 0 ? order : order.replace("\"k\"", "\"" + key + "\""));
        keys.add(random.nextInt(20) == 0 ? null : bytes(key));
        events.add(
            switch (random.nextInt(16)) {
              case 0 -> null;
              case 1, 2 -> new RawEvent(RandomEvents.spoilt(event, random));
              default -> new RawEvent(event);
            });
      }
      return new Records(keys, events);
    }

    SharedEvents shared() {
      return new SharedEvents(events, keys::get);
    }
  }

  private static final class Tally {
    long asked;
    long filtered;
    long passedOver;
    long left;

    void check(Transform transform, Records records, SharedEvents shared, String what) {
      Selection selection = transform.among(shared);
      int next = selection.next(0);
      for (int i = 0; i < shared.size(); i++) {
        RawEvent event = records.events().get(i);
        Outcome outcome = transform.apply(records.keys().get(i), event);
        boolean leaves = outcome instanceof Outcome.Leave || outcome instanceof Outcome.Pass;
        filtered += leaves ? 1 : 0;
        if (i == next) {
          asked++;
          next = selection.next(i + 1);
        } else {
          passedOver++;
          check(selection, i, outcome, what + ": " + shown(event));
        }
      }
    }

    private void check(Selection selection, int event, Outcome outcome, String what) {
      if (selection.leaves()) {
        left++;
        assertThat(outcome).as(what).isInstanceOf(Outcome.Leave.class);
        assertThat(selection.key(event)).isEqualTo(((Outcome.Leave) outcome).key().digest());
      } else {
        assertThat(outcome).as(what).isInstanceOf(Outcome.Pass.class);
      }
    }

    private static String shown(RawEvent event) {
      return event == null ? "none" : new String(event.bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "%,d asked about, %,d passed over, of these %,d with a key that leaves; %,d leave in truth"
          .formatted(asked, passedOver, left, filtered);
    }
  }
}
