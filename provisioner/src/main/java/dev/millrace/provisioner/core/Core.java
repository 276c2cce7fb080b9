package dev.millrace.provisioner.core;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.Topics;
import dev.millrace.api.correction.Correction;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.source.TopicSeen;
import dev.millrace.stores.Cursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * All that one worker decides. It is told what happened, one thing at a time, and gives orders in
 * turn; it neither waits nor looks anywhere itself. Not safe for use by several threads.
 */
public final class Core {
  /** Whoever owns it speaks for what nobody can own. */
  private static final TopicPartition SPEAKER = new TopicPartition(Topics.REQUESTS, 0);

  private final Limits limits;
  private final Orders orders;
  private final DoubleSupplier chance;
  private final Scan scan;
  private final Lanes lanes;
  private final Batches batches;
  private final Fills fills;
  private final Map<ObjectKey, Member> members = new LinkedHashMap<>();
  private final List<Member> ending = new ArrayList<>();
  private Map<ObjectKey, PipelinePlan> plans = Map.of();
  private Map<String, Corrections> corrections = Map.of();
  private boolean correctionsKnown;
  private Set<TopicPartition> owned = Set.of();
  private Map<String, TopicSeen> topics = new HashMap<>();
  private Set<String> shared = Set.of();
  private long tickets;
  private long now;
  private boolean closed;

  /**
   * @param chance from 0 to 1, another each time: workers that failed together must not come back
   *     together
   * @param numbers tickets and seeks are counted from here, so that no two cores of a worker give
   *     the same
   */
  public Core(Limits limits, Orders orders, DoubleSupplier chance, long numbers) {
    this.limits = limits;
    this.orders = orders;
    this.chance = chance;
    this.scan = new Scan(limits.windowBytes());
    this.lanes = new Lanes(limits.lanes(), scan, orders, numbers);
    this.tickets = numbers;
    this.batches = new Batches(limits);
    this.fills = new Fills(limits.fills());
  }

  /**
   * What time it is from now on.
   *
   * @param nanos never less than before
   */
  public void time(long nanos) {
    now = nanos;
  }

  /**
   * Called now and then, some twenty times a second, or some four while all rest: what only waits
   * for time goes on.
   */
  public void tick() {
    List.copyOf(members.values()).forEach(Member::tick);
    List.copyOf(ending).forEach(Member::tick);
    settle();
    lanes.arrange(now);
  }

  /** Nobody waits for time to pass, but for looks at stores that are far apart. */
  public boolean isResting() {
    return ending.isEmpty() && members.values().stream().allMatch(Member::isResting);
  }

  /** Called after one or several of the other inputs: what shall be read may have changed. */
  public void turn() {
    if (scan.hasChanged()) {
      lanes.arrange(now);
    }
  }

  public void plans(Map<ObjectKey, PipelinePlan> all) {
    Map<ObjectKey, PipelinePlan> before = plans;
    plans = new LinkedHashMap<>(all);
    before.values().stream()
        .filter(plan -> !plans.containsKey(plan.subscription()))
        .forEach(this::retract);
    arrange();
  }

  /**
   * Before the first time nothing begins: what is read before would be read otherwise later.
   *
   * @param all by the uid of their subscription; given to {@code Intake} before they are told here
   */
  public void corrections(Map<String, Corrections> all) {
    boolean first = !correctionsKnown;
    correctionsKnown = true;
    corrections = Map.copyOf(all);
    if (first) {
      arrange();
    } else {
      members.values().forEach(Member::correctionsCame);
      settle();
    }
  }

  public void owned(Set<TopicPartition> now) {
    owned = Set.copyOf(now);
    arrange();
  }

  public void topics(Map<String, TopicSeen> seen) {
    topics = new HashMap<>(seen);
    members.values().forEach(Member::sourceChanged);
    arrange();
  }

  /** Returns whether somebody still wants it; otherwise it is to be closed. */
  public boolean opened(Ticket ticket, List<Cursor> cursors) {
    return tell(ticket, member -> member.opened(cursors));
  }

  public void openFailed(Ticket ticket, Trouble trouble) {
    tell(ticket, member -> member.openFailed(trouble));
  }

  public void seen(Ticket ticket, List<Cursor> cursors) {
    tell(ticket, member -> member.seen(cursors));
  }

  public void lookFailed(Ticket ticket, Trouble trouble) {
    tell(ticket, member -> member.lookFailed(trouble));
  }

  public void filled(Ticket ticket, Intake.Level level) {
    tell(ticket, member -> member.filled(level));
  }

  public void fillFailed(Ticket ticket, Trouble trouble) {
    tell(ticket, member -> member.fillFailed(trouble));
  }

  public void wrote(Ticket ticket, List<Stretch.Done> moved) {
    tell(ticket, member -> member.wrote(moved));
  }

  public void amended(Ticket ticket, List<Stretch.Done> counted) {
    tell(ticket, member -> member.amended(counted));
  }

  public void amendFailed(Ticket ticket, Trouble trouble) {
    tell(ticket, member -> member.amendFailed(trouble));
  }

  public void flushed(Ticket ticket) {
    tell(ticket, Member::flushed);
  }

  public void writeFailed(Ticket ticket, Trouble trouble) {
    tell(ticket, member -> member.writeFailed(trouble));
  }

  public void flushFailed(Ticket ticket, Trouble trouble) {
    tell(ticket, member -> member.flushFailed(trouble));
  }

  public void closed(Ticket ticket) {
    tell(ticket, Member::closed);
  }

  /** A consumer brought these. */
  public void arrived(List<Chunk> chunks) {
    for (Chunk chunk : chunks) {
      scan.arrived(chunk).forEach(place -> place.member.take());
    }
    settle();
  }

  /** A consumer cannot read on. */
  public void unreadable(TopicPartition partition, long seek, Trouble trouble) {
    scan.unreadable(partition, seek, trouble).forEach(place -> place.member.take());
    settle();
  }

  /** Lets go of all stores, for good; see {@link #isEnded}. */
  public void close() {
    closed = true;
    members.values().forEach(Member::close);
    settle();
  }

  /** All stores have been let go. */
  public boolean isEnded() {
    return closed && ending.isEmpty() && members.values().stream().allMatch(Member::isEnded);
  }

  /** Whether anything of it is this worker's. */
  public boolean has(ObjectKey subscription) {
    Member member = members.get(subscription);
    return member != null && member.isAssigned();
  }

  /** Empty while it holds no store. */
  public Optional<Sharing> sharing(ObjectKey subscription) {
    return Optional.ofNullable(members.get(subscription)).flatMap(Member::sharing);
  }

  private boolean tell(Ticket ticket, Consumer<Member> what) {
    Optional<Member> holder = holder(ticket);
    holder.ifPresent(what);
    ending.removeIf(Member::isEnded);
    settle();
    return holder.isPresent();
  }

  private Optional<Member> holder(Ticket ticket) {
    Member member = members.get(ticket.subscription());
    return member != null && member.holds(ticket)
        ? Optional.of(member)
        : ending.stream().filter(each -> each.holds(ticket)).findFirst();
  }

  private void settle() {
    scan.makeRoom();
    for (List<Member> admitted = batches.admitted();
        !admitted.isEmpty();
        admitted = batches.admitted()) {
      admitted.forEach(Member::take);
    }
    for (Set<Member> next = fills.admitted(); !next.isEmpty(); next = fills.admitted()) {
      next.forEach(Member::take);
    }
  }

  private void arrange() {
    if (closed || !correctionsKnown) {
      return;
    }
    batches.share(plans.size());
    for (PipelinePlan plan : plans.values()) {
      arrange(plan);
    }
    share();
    settle();
  }

  private void arrange(PipelinePlan plan) {
    SortedSet<Integer> mine = mine(plan);
    if (!mine.isEmpty()) {
      members.computeIfAbsent(plan.subscription(), this::begun);
    }
    Member member = members.get(plan.subscription());
    if (member != null) {
      member.assign(mine.isEmpty() ? Optional.empty() : Optional.of(new Work(plan, mine)));
    }
  }

  private Member begun(ObjectKey subscription) {
    return new Member(subscription, this, scan, batches, fills, orders);
  }

  private void share() {
    Set<String> wanted =
        plans.values().stream().map(plan -> plan.source().topic()).collect(Collectors.toSet());
    topics.keySet().retainAll(wanted);
    orders.watch(
        wanted,
        owned.stream()
            .filter(partition -> !partition.topic().equals(Topics.REQUESTS))
            .collect(Collectors.toSet()));
    Set<String> toShare = new HashSet<>(wanted);
    toShare.removeIf(this::isMissing);
    toShare.add(Topics.REQUESTS);
    if (!toShare.equals(shared)) {
      shared = Set.copyOf(toShare);
      orders.share(shared);
    }
  }

  /** Partitions that the plan knows nothing of came to the topic later and are not its own. */
  private SortedSet<Integer> mine(PipelinePlan plan) {
    String topic = plan.source().topic();
    if (isMissing(topic)) {
      return owned.contains(SPEAKER) ? new TreeSet<>(plan.start().keySet()) : new TreeSet<>();
    }
    return plan.start().keySet().stream()
        .filter(partition -> owned.contains(new TopicPartition(topic, partition)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void retract(PipelinePlan plan) {
    Member member = members.remove(plan.subscription());
    if (member != null) {
      member.retract(plan.start().keySet());
      if (!member.isEnded()) {
        ending.add(member);
      }
    } else if (owned.contains(SPEAKER)) {
      orders.wipe(plan.subscription(), plan.start().keySet());
    }
  }

  private boolean isMissing(String topic) {
    TopicSeen found = topics.get(topic);
    return found != null && found.isMissing();
  }

  /** As the last look had it. */
  boolean seemsAnother(PipelinePlan.Source source) {
    TopicSeen found = topics.get(source.topic());
    return found != null
        && (!found.id().equals(source.topicId()) || found.partitions() > source.partitions());
  }

  /** Another has begun under its name, and speaks for it. */
  boolean isSucceeded(Member member) {
    Member now = members.get(member.subscription());
    return now != null && now != member;
  }

  Ticket newTicket(ObjectKey subscription) {
    return new Ticket(subscription, ++tickets);
  }

  Corrections corrections(PipelinePlan plan) {
    return corrections.getOrDefault(Correction.uidOf(plan.uid()), Corrections.NONE);
  }

  long lookBytes() {
    return limits.lookBytes();
  }

  long presenceBytes() {
    return limits.presenceBytes(plans.size());
  }

  long now() {
    return now;
  }

  double chance() {
    return chance.getAsDouble();
  }
}
