package dev.millrace.provisioner.core;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.provisioner.report.Standing;
import dev.millrace.stores.Cursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One subscription on this worker. It holds at most one grip on its store at a time; whatever goes
 * wrong, it lets go, and takes it again from where the store says it stands.
 */
final class Member {
  /** A look at the topics may be older than what opening was told. */
  private static final long ANOTHER_LOOK = Duration.ofMillis(200).toNanos();

  private static final long STUCK = Duration.ofSeconds(5).toNanos();

  /** Live, what is little waits so long after the write before; of a history longer. */
  private static final long PATIENCE = Duration.ofMillis(200).toNanos();

  /** What it waits for. */
  private enum Grip {
    NONE,
    OPENING,
    LOOKING,
    HELD,
    CLOSING
  }

  private final ObjectKey subscription;
  private final Core core;
  private final Scan scan;
  private final Batches batches;
  private final Fills fills;
  private final Orders orders;
  private final Retry retry = new Retry();

  private Optional<Work> wanted = Optional.empty();
  private boolean closing;
  private Set<Integer> wipe = Set.of();

  private @Nullable Work work;
  private @Nullable Standings standings;
  private Ticket ticket;
  private Grip grip = Grip.NONE;
  private long wakeAt;
  private boolean shown;
  private String lastReason = "";

  private List<Place> places = List.of();
  private Intake.Level level = Intake.Level.EMPTY;
  private @Nullable Blocked stop;
  private boolean filling;
  private boolean isWriting;

  private final DueCorrections corrections = new DueCorrections();

  /** Positions that the flush under way makes safe. */
  private @Nullable Map<Integer, Long> flushing;

  private long reserved;
  private long writing;
  private long held;
  private long flushedAt;
  private long wroteAt;
  private int turn;
  private long cutAt;

  /** It will take in when its turn comes. Of a thousand members each is asked at each chunk. */
  boolean isWaiting;

  Member(
      ObjectKey subscription, Core core, Scan scan, Batches batches, Fills fills, Orders orders) {
    this.subscription = subscription;
    this.core = core;
    this.scan = scan;
    this.batches = batches;
    this.fills = fills;
    this.orders = orders;
    this.ticket = new Ticket(subscription, 0);
  }

  ObjectKey subscription() {
    return subscription;
  }

  /** It takes in, or will when its turn comes. */
  boolean isTaking() {
    return filling || isWaiting;
  }

  /** Some of its partitions are this worker's. */
  boolean isAssigned() {
    return wanted.isPresent();
  }

  boolean isEnded() {
    return closing && grip == Grip.NONE;
  }

  boolean holds(Ticket other) {
    return ticket.equals(other) && grip != Grip.NONE;
  }

  /** What to do from now on; empty when the partitions are another worker's. */
  void assign(Optional<Work> now) {
    if (!closing && !now.equals(wanted)) {
      wanted = now;
      turnAround();
    }
  }

  /** Ends for good. */
  void close() {
    closing = true;
    wanted = Optional.empty();
    turnAround();
  }

  /** Its plan was retracted: it ends, and then takes its reports away. */
  void retract(Set<Integer> partitions) {
    wipe = Set.copyOf(partitions);
    close();
  }

  private void turnAround() {
    wakeAt = 0;
    if (grip == Grip.NONE) {
      begin();
    } else {
      letGo();
    }
  }

  private void begin() {
    if (wanted.isEmpty()) {
      rest();
      return;
    }
    Work next = wanted.get();
    if (next != work) {
      standings = Standings.of(next, standings);
      work = next;
      lastReason = "";
    }
    switch (next.plan().state()) {
      case "Running" -> open(next);
      case "Paused" -> stand(next, Standing.Phase.Paused);
      default -> stand(next, Standing.Phase.Stopped);
    }
  }

  private void rest() {
    wakeAt = Long.MAX_VALUE;
    if (core.isSucceeded(this)) {
      return;
    }
    if (shown) {
      shown = false;
      orders.leave(subscription);
    }
    if (!wipe.isEmpty()) {
      orders.wipe(subscription, wipe);
      wipe = Set.of();
    }
  }

  private void open(Work now) {
    ticket = core.newTicket(subscription);
    grip = Grip.OPENING;
    orders.open(ticket, now, core.presenceBytes());
  }

  /** A worker that comes new to a pipeline at rest asks the store where it stands. */
  private void stand(Work now, Standing.Phase phase) {
    wakeAt = Long.MAX_VALUE;
    if (standings().isKnown()) {
      standings().resting(phase);
      show();
    } else {
      ticket = core.newTicket(subscription);
      grip = Grip.LOOKING;
      orders.look(ticket, now);
    }
  }

  void seen(List<Cursor> cursors) {
    grip = Grip.NONE;
    if (isStillWanted()) {
      standings().seen(cursors);
    }
    begin();
  }

  void opened(List<Cursor> cursors) {
    grip = Grip.HELD;
    if (!isStillWanted()) {
      letGo();
      return;
    }
    standings().taken(cursors);
    flushedAt = core.now();
    lastReason = "";
    Work now = work();
    places = cursors.stream().map(cursor -> new Place(this, now, cursor)).toList();
    places.stream().filter(place -> !place.isAtEnd()).forEach(scan::join);
    corrections.forget();
    learnCorrections();
    show();
    // The store says that it passed a gap before it says anything that came behind.
    if (!now.gaps(cursors).isEmpty()) {
      level = Intake.Level.GAP_PASSED;
    }
    goOn();
    sourceChanged();
  }

  /** There are new ones, of whatever subscription. Of a thousand members it concerns one. */
  void correctionsCame() {
    if (work == null || !isStillWanted() || !learnCorrections()) {
      return;
    }
    if (grip == Grip.HELD) {
      take();
    } else if (wakeAt == Long.MAX_VALUE && work().plan().state().equals("Running")) {
      // It stands, perhaps for what was corrected.
      wakeAt = core.now();
    }
  }

  private boolean learnCorrections() {
    return corrections.learn(core.corrections(work().plan()), work().partitions());
  }

  /**
   * When all that was taken in has been written, and before more is: what is taken in then knows
   * which keys there are, and comes after.
   */
  private boolean amendWhenDue() {
    Set<EventPlace> now = corrections.behind(places);
    if (now.isEmpty()) {
      return false;
    }
    if (!isWriting && !filling && !level.moved()) {
      corrections.begin(now);
      orders.amend(ticket, now);
    }
    return true;
  }

  void amended(List<Stretch.Done> counted) {
    corrections.succeeded();
    standings().wrote(counted);
    retry.succeeded();
    if (!counted.isEmpty()) {
      // What stopped it before may not any more.
      stop = null;
      level = Intake.Level.EMPTY;
      hold();
      show();
    }
    goOn();
  }

  void amendFailed(Trouble trouble) {
    corrections.failed();
    failed(trouble);
  }

  /** The topic may be another now. It lets go, and opening asks the cluster what is true. */
  void sourceChanged() {
    if (grip == Grip.HELD && core.seemsAnother(work().plan().source())) {
      letGo();
      wakeAt = core.now() + ANOTHER_LOOK;
    }
  }

  /** Takes in what comes next, if it may and there is something. */
  void take() {
    if (grip != Grip.HELD || filling) {
      return;
    }
    if (corrections.areAmended() || stop != null || level.full() || amendWhenDue()) {
      orders.awaits(ticket, Awaited.STORE);
      return;
    }
    if (!fills.isFree()) {
      fills.await(this);
      orders.awaits(ticket, Awaited.TURN);
      return;
    }
    long room = batches.room(level.bytes(), held);
    if (room == 0) {
      await();
      orders.awaits(ticket, isWriting ? Awaited.STORE : Awaited.TURN);
      return;
    }
    List<Chunk> chunks = next(room);
    Optional<Blocked> end = end();
    if (end.isPresent()) {
      stop = end.get();
      goOn();
    } else if (!chunks.isEmpty()) {
      boolean oversize = batches.isFree();
      reserve(Math.min(room, chunks.stream().mapToLong(Chunk::bytes).sum()));
      filling = true;
      fills.begin();
      orders.fill(ticket, chunks, room, oversize);
    } else {
      orders.awaits(ticket, Awaited.EVENTS);
    }
  }

  private void await() {
    if (!isWriting) {
      batches.await(this);
    }
  }

  /** Each time another partition comes first. Most of it may be nothing for this one. */
  private List<Chunk> next(long room) {
    List<Chunk> chunks = new ArrayList<>();
    long left = Math.max(room, core.lookBytes());
    turn++;
    for (int i = 0; i < places.size() && left > 0; i++) {
      Place place = places.get((turn + i) % places.size());
      List<Chunk> found = place.isAtEnd() ? List.of() : scan.next(place, left);
      chunks.addAll(found);
      left -= found.stream().mapToLong(Chunk::bytes).sum();
    }
    return chunks;
  }

  /** A partition that cannot be read on from where it stands. */
  private Optional<Blocked> end() {
    for (Place place : places) {
      Cohort cohort = place.cohort;
      if (place.hungry && cohort != null && cohort.unreadable != null) {
        return Optional.of(
            new Blocked(cohort.unreadable, OptionalInt.of(place.partition.partition())));
      }
    }
    return Optional.empty();
  }

  void filled(Intake.Level now) {
    filling = false;
    fills.end();
    reserve(0);
    if (grip == Grip.CLOSING) {
      finishClosing();
      return;
    }
    boolean tooLarge = now.full() && !now.moved() && now.stop().isEmpty();
    level = tooLarge ? Intake.Level.EMPTY : now;
    stop = now.stop().orElse(null);
    hold();
    for (Place place : places) {
      advance(place, now.positions().get(place.partition.partition()));
    }
    if (tooLarge) {
      batches.await(this);
      orders.awaits(ticket, Awaited.TURN);
    } else {
      goOn();
    }
  }

  /** Whoever is at his end wants nothing read any more. */
  private void advance(Place place, long position) {
    if (!place.isAtEnd()) {
      scan.advance(place, position);
      if (place.isAtEnd()) {
        scan.leave(place);
      }
    }
  }

  void wrote(List<Stretch.Done> moved) {
    isWriting = false;
    writing = 0;
    hold();
    standings().wrote(moved);
    retry.succeeded();
    if (!standings().hasCrossed()) {
      show();
    }
    goOn();
  }

  void flushed() {
    standings().flushed(Objects.requireNonNull(flushing));
    flushing = null;
    flushedAt = core.now();
    show();
    goOn();
  }

  /** Time has passed. */
  void tick() {
    if (grip == Grip.HELD) {
      flushWhenDue();
      if (!isWriting && !filling && level.moved() && !canWait()) {
        goOn();
      }
    } else if (grip == Grip.CLOSING) {
      cutWhenStuck();
    } else if (grip == Grip.NONE && !closing && wakeAt <= core.now()) {
      begin();
    }
  }

  /** Nothing is under way and nothing is to be done before the next look at its store. */
  boolean isResting() {
    return switch (grip) {
      case HELD ->
          !filling
              && !isWriting
              && flushing == null
              && !level.moved()
              && stop == null
              && !corrections.areAmended()
              && !standings().hasUnflushed();
      case NONE -> closing || wakeAt == Long.MAX_VALUE;
      case OPENING, LOOKING, CLOSING -> false;
    };
  }

  /** A write that hangs does so on its own time, not on that of whoever waits for the store. */
  private void cutWhenStuck() {
    if (core.now() >= cutAt) {
      cutAt = Long.MAX_VALUE;
      orders.cut(ticket);
    }
  }

  /** After each step: writes what there is, or flushes, or stops; and takes in more. */
  private void goOn() {
    if (grip == Grip.CLOSING) {
      finishClosing();
      return;
    }
    flushWhenDue();
    if (corrections.areAmended()) {
      return;
    }
    if (!isWriting && !filling && level.moved()) {
      if (!canWait()) {
        write();
      }
    } else if (!isWriting && !filling && amendWhenDue()) {
      return;
    } else if (!isWriting && !filling && stop != null) {
      fail(stop.trouble(), stop.partition());
      return;
    }
    take();
  }

  /**
   * Of many subscriptions that few events concern, each would commit for little all the time. One
   * that has written nothing for a while does not wait; nor does one that goes to an end, has to
   * stop, can take in no more, or passes a gap, which is a write of its own.
   */
  private boolean canWait() {
    return isLittle()
        && !level.full()
        && level != Intake.Level.GAP_PASSED
        && stop == null
        && core.now() - wroteAt < (standings().isLive() ? PATIENCE : batches.patienceNanos())
        && work().ends().isEmpty();
  }

  /** Rows of a history are nobody's news before it is in; live, only cursors without rows are. */
  private boolean isLittle() {
    return standings().isLive()
        ? level.bytes() == 0
        : level.bytes() < batches.little() && !standings().crosses(level.positions());
  }

  private void write() {
    isWriting = true;
    wroteAt = core.now();
    writing = level.bytes();
    level = Intake.Level.EMPTY;
    hold();
    orders.write(ticket);
  }

  private void flushWhenDue() {
    Duration since = Duration.ofNanos(core.now() - flushedAt);
    Standings at = standings();
    if (flushing == null
        && FlushPace.isDue(at.hasUnflushed(), at.hasCrossed(), at.isLive(), since)) {
      flushing = at.positions();
      orders.flush(ticket);
    }
  }

  void openFailed(Trouble trouble) {
    grip = Grip.NONE;
    blocked(trouble, OptionalInt.empty());
  }

  void lookFailed(Trouble trouble) {
    grip = Grip.NONE;
    if (isStillWanted()) {
      wakeAt = later(trouble);
    } else {
      begin();
    }
  }

  void fillFailed(Trouble trouble) {
    filling = false;
    fills.end();
    reserve(0);
    failed(trouble);
  }

  void writeFailed(Trouble trouble) {
    isWriting = false;
    writing = 0;
    hold();
    failed(trouble);
  }

  void flushFailed(Trouble trouble) {
    flushing = null;
    failed(trouble);
  }

  private void failed(Trouble trouble) {
    if (grip == Grip.CLOSING) {
      finishClosing();
    } else {
      fail(trouble, OptionalInt.empty());
    }
  }

  private void fail(Trouble trouble, OptionalInt partition) {
    if (grip == Grip.HELD) {
      letGo();
      blocked(trouble, partition);
    }
  }

  private void blocked(Trouble trouble, OptionalInt partition) {
    if (!isStillWanted()) {
      if (grip == Grip.NONE) {
        begin();
      }
      return;
    }
    wakeAt = later(trouble);
    standings().blocked(trouble, partition);
    show();
    if (!trouble.code().equals(lastReason)) {
      lastReason = trouble.code();
      orders.stands(work(), trouble);
    }
  }

  private long later(Trouble trouble) {
    return retry
        .after(trouble, core.chance())
        .map(pause -> core.now() + pause.toNanos())
        .orElse(Long.MAX_VALUE);
  }

  private void letGo() {
    if (grip == Grip.HELD) {
      grip = Grip.CLOSING;
      cutAt = core.now() + STUCK;
      places.forEach(scan::leave);
      places = List.of();
      batches.forget(this);
      fills.forget(this);
      finishClosing();
    }
  }

  /** The store is let go when nothing is under way there any more. */
  private void finishClosing() {
    if (!filling && !isWriting && !corrections.areAmended() && flushing == null) {
      level = Intake.Level.EMPTY;
      stop = null;
      cutAt = Long.MAX_VALUE;
      hold();
      orders.close(ticket);
    }
  }

  void closed() {
    grip = Grip.NONE;
    if (!isStillWanted() || wakeAt == 0) {
      begin();
    }
  }

  /** With whom it is read; empty while it holds no store. */
  Optional<Sharing> sharing() {
    return grip == Grip.HELD
        ? Optional.of(
            new Sharing(
                ticket,
                places.stream().filter(place -> !place.isAtEnd()).map(scan::sharing).toList()))
        : Optional.empty();
  }

  private boolean isStillWanted() {
    return wanted.isPresent() && wanted.get() == work;
  }

  private void reserve(long bytes) {
    reserved = bytes;
    hold();
  }

  private void hold() {
    long now = level.bytes() + writing + reserved;
    batches.hold(now - held);
    held = now;
  }

  private void show() {
    shown = true;
    orders.show(work().plan(), List.copyOf(standings().all()));
  }

  private Work work() {
    if (work == null) {
      throw new IllegalStateException(subscription + " has no work");
    }
    return work;
  }

  private Standings standings() {
    if (standings == null) {
      throw new IllegalStateException(subscription + " has no work");
    }
    return standings;
  }
}
