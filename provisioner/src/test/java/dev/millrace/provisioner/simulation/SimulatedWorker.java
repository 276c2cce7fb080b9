package dev.millrace.provisioner.simulation;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.provisioner.core.Awaited;
import dev.millrace.provisioner.core.Chunk;
import dev.millrace.provisioner.core.Core;
import dev.millrace.provisioner.core.Holes;
import dev.millrace.provisioner.core.Intake;
import dev.millrace.provisioner.core.Limits;
import dev.millrace.provisioner.core.OnError;
import dev.millrace.provisioner.core.Orders;
import dev.millrace.provisioner.core.PresentKeys;
import dev.millrace.provisioner.core.Reading;
import dev.millrace.provisioner.core.Stretch;
import dev.millrace.provisioner.core.Ticket;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.core.Work;
import dev.millrace.provisioner.correction.Amending;
import dev.millrace.provisioner.correction.CorrectedTransform;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.report.Standing;
import dev.millrace.provisioner.source.TopicSeen;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.StoreProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A worker: the real core and intake, and hands that are slow, fail, or do not answer. */
final class SimulatedWorker implements Orders {
  /**
   * @param stands where this holder left the cursors
   * @param answers the store's keys, for whoever fills next
   */
  private record Session(
      Subscription of,
      PipelinePlan plan,
      String owner,
      int since,
      Intake intake,
      CorrectedTransform transform,
      List<Cursor> at,
      Map<Integer, Cursor> stands,
      long presenceBytes,
      List<PresentKeys> answers) {

    PresentKeys present() {
      return SimulatedWorker.present(of, plan, presenceBytes);
    }

    void takeAnswers() {
      answers.forEach(intake::present);
      answers.clear();
    }

    void left(Batch batch) {
      Map<Integer, Cursor> cursors = of.store.table(plan.uid()).orElseThrow().cursors();
      batch.moves().forEach(move -> stands.put(move.partition(), cursors.get(move.partition())));
    }

    /** A place behind which it was to stay, had it not been beyond already. */
    Optional<Batch.Move> passesItsHold(Batch batch) {
      Map<Integer, Long> hold = plan.holdAt();
      return hold == null
          ? Optional.empty()
          : batch.moves().stream()
              .filter(move -> move.to() > Math.max(hold.get(move.partition()), move.from()))
              .findFirst();
    }
  }

  final String name;
  private final World world;
  private final Cluster cluster;
  private final Core core;
  private final List<SimulatedLane> lanes = new ArrayList<>();
  private final Map<Ticket, Session> sessions = new HashMap<>();
  private final Map<ObjectKey, Trouble> stands = new HashMap<>();
  private List<Runnable> held = new ArrayList<>();
  private final Map<ObjectKey, Map<Integer, Line>> board = new TreeMap<>();
  private final SimulatedDefinitions.Feed feed;
  private boolean feedIsRead;
  private long plansComeAt;
  private long saidArrives;
  private Map<String, Corrections> corrections = Map.of();
  private boolean paused;
  private boolean dead;

  /** What a worker shares with the others. */
  interface Cluster {
    SimulatedLog log();

    SimulatedDefinitions definitions();

    Subscription subscription(PipelinePlan plan);

    /** A pipeline says that it stands; is that so? */
    void stands(PipelinePlan plan, Trouble trouble);

    void wrote(PipelinePlan plan);

    void passedItsHold(PipelinePlan plan, Batch.Move move);

    void amended(PipelinePlan plan);

    /** All there are at this moment, by the uid of their subscription. */
    Map<String, Corrections> corrections();

    void shows(PipelinePlan plan, Standing standing);

    /** Somebody waits for reports of this one. */
    boolean isAwaited(PipelinePlan plan);

    /** On the topic of reports. */
    void report(PartitionReport report);

    void wipe(ObjectKey pipeline, Set<Integer> partitions);
  }

  /** What was said of one partition last. */
  private record Line(PipelinePlan plan, Standing standing, @Nullable PartitionReport sent) {}

  SimulatedWorker(String name, World world, Cluster cluster) {
    this.name = name;
    this.world = world;
    this.cluster = cluster;
    this.feed = cluster.definitions().new Feed();
    Limits limits =
        new Limits(
            2_000 + world.any(40_000),
            2_000 + world.any(40_000),
            400 + world.any(8_000),
            world.any(2) * 100_000L,
            2 + world.any(2),
            1 + world.any(4));
    this.core = new Core(limits, this, world.random::nextDouble, 0);
    for (int lane = 0; lane < limits.lanes(); lane++) {
      lanes.add(new SimulatedLane(this, world));
    }
    tick();
    look();
    world.after(World.any(world, 300 * World.MILLIS), this::hearCorrections);
    plansCame();
  }

  /** There is something new on the topic, which it hears some time later. */
  void plansCame() {
    world.after(
        Math.max(plansComeAt - world.now(), World.any(world, 300 * World.MILLIS)), this::hearPlans);
  }

  /** It hears of nothing new for a while. */
  void plansAreLate(long nanos) {
    plansComeAt = world.now() + nanos;
  }

  /** The first time all there are, then often what came, or a part of it. */
  private void hearPlans() {
    hear(core -> {
      int left = feed.left();
      if (plansComeAt > world.now() || !log().up) {
        plansCame();
        return;
      }
      if (left > 0 || !feedIsRead) {
        feed.advance(feedIsRead && world.chance(0.4) ? 1 + world.any(left) : left);
        feedIsRead = true;
        core.plans(feed.plans());
        if (feed.left() > 0) {
          plansCame();
        }
      }
    });
  }

  void hearCorrections() {
    hear(core -> {
      corrections = cluster.corrections();
      core.corrections(corrections);
    });
  }

  private void tick() {
    world.after(
        50 * World.MILLIS,
        () -> {
          if (!dead) {
            hear(Core::tick);
            if (!paused) {
              sendReports();
            }
            tick();
          }
        });
  }

  private void sendReports() {
    if (!log().up) {
      return;
    }
    for (Map<Integer, Line> lines : board.values()) {
      boolean awaited = cluster.isAwaited(lines.values().iterator().next().plan());
      lines.replaceAll((partition, line) -> awaited || isTroubled(line) ? said(line) : line);
    }
  }

  private static boolean isTroubled(Line line) {
    return line.standing().reason() != null
        || (line.sent() != null && line.sent().reason() != null);
  }

  private Line said(Line line) {
    PartitionReport report = report(line);
    if (!report.equals(line.sent())) {
      send(() -> cluster.report(report));
    }
    return new Line(line.plan(), line.standing(), report);
  }

  /** What it says arrives later, in the order said, be it dead by then. */
  private void send(Runnable what) {
    saidArrives = Math.max(saidArrives, world.now() + World.any(world, 100 * World.MILLIS));
    world.after(saidArrives - world.now(), what);
  }

  private PartitionReport report(Line line) {
    Standing standing = line.standing();
    PartitionReport before = line.sent();
    long end = log().partitions.get(standing.partition()).end;
    PartitionReport now =
        new PartitionReport(
            line.plan().subscription(),
            standing.partition(),
            line.plan().definition(),
            name,
            standing.phase().name(),
            standing.position(),
            standing.flushed(),
            Math.max(standing.position(), end),
            standing.counts(),
            standing.consumed(),
            standing.lastEventTime(),
            standing.reason(),
            standing.message(),
            before == null ? Instant.EPOCH : before.at());
    return now.equals(before) ? before : at(now);
  }

  private PartitionReport at(PartitionReport of) {
    return new PartitionReport(
        of.subscription(),
        of.partition(),
        of.definition(),
        of.worker(),
        of.phase(),
        of.position(),
        of.flushed(),
        of.endOffset(),
        of.counts(),
        of.consumed(),
        of.lastEventTime(),
        of.reason(),
        of.message(),
        Instant.ofEpochMilli(world.millis()));
  }

  /** At the topic, now and then. */
  private void look() {
    world.after(
        World.any(world, 2 * World.SECONDS),
        () -> {
          if (!dead) {
            if (log().up) {
              TopicSeen seen = new TopicSeen(log().topicId(), log().partitions.size());
              hear(told -> told.topics(Map.of(Subscription.TOPIC, seen)));
            }
            look();
          }
        });
  }

  SimulatedLog log() {
    return cluster.log();
  }

  boolean isDead() {
    return dead;
  }

  boolean isPaused() {
    return paused;
  }

  /** What comes in waits while the process is stopped. */
  void hear(Consumer<Core> what) {
    Runnable told =
        () -> {
          core.time(world.now());
          what.accept(core);
          if (world.chance(0.5)) {
            core.turn();
          }
        };
    if (dead) {
      return;
    }
    if (paused) {
      held.add(told);
    } else {
      told.run();
    }
  }

  void die() {
    dead = true;
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    List<Runnable> all = held;
    held = new ArrayList<>();
    all.forEach(Runnable::run);
  }

  /** All its consumers lose their broker. */
  void failLanes() {
    lanes.forEach(SimulatedLane::fail);
  }

  @Nullable Trouble stands(ObjectKey pipeline) {
    return stands.get(pipeline);
  }

  @Override
  public void open(Ticket ticket, Work work, long presenceBytes) {
    Subscription of = cluster.subscription(work.plan());
    world.after(
        of.store.latency(),
        () ->
            answer(
                of,
                () -> {
                  checkSource(of);
                  Session session = session(ticket, work, of, presenceBytes);
                  world.trace(() -> name + " took " + ticket + " " + of.store);
                  return told -> {
                    sessions.put(ticket, session);
                    told.opened(ticket, session.at());
                  };
                },
                (told, trouble) -> told.openFailed(ticket, trouble)));
  }

  private void checkSource(Subscription of) throws StoreProblem {
    if (!log().up) {
      throw new StoreProblem("SourceUnavailable", "no broker", "wait", true);
    }
    if (!log().topicId().equals(of.topicId)) {
      throw new StoreProblem("SourceRecreated", "another topic", "ask again", false);
    }
  }

  private Session session(Ticket ticket, Work work, Subscription of, long presenceBytes)
      throws StoreProblem {
    String owner = name + ticket.number();
    Shape shape = Shape.of(work.plan());
    List<Cursor> at = of.store.take(work.plan(), work.partitions(), owner);
    of.store.flush(of.store.epoch());
    long forKeys = shape.threshold() > 0 && !shape.append() ? presenceBytes : 0;
    PresentKeys present = present(of, work.plan(), forKeys);
    // Whoever opens reads to the end what there is.
    corrections = cluster.corrections();
    CorrectedTransform transform = new CorrectedTransform(shape.transform(), work.plan());
    Intake intake =
        new Intake(
            transform,
            () -> corrections.getOrDefault(of.uid, Corrections.NONE),
            new OnError(work.plan().onError()),
            present,
            Holes.HARMLESS,
            at,
            work);
    Map<Integer, Cursor> stands = new HashMap<>();
    at.forEach(cursor -> stands.put(cursor.partition(), cursor));
    return new Session(
        of,
        work.plan(),
        owner,
        of.store.epoch(),
        intake,
        transform,
        at,
        stands,
        forKeys,
        new ArrayList<>());
  }

  private static PresentKeys present(Subscription of, PipelinePlan plan, long presenceBytes) {
    PresentKeys present = new PresentKeys(presenceBytes);
    of.store
        .table(plan.uid())
        .orElseThrow()
        .rows()
        .keySet()
        .forEach(key -> present.add(new StoreKey(key)));
    return present;
  }

  @Override
  public void look(Ticket ticket, Work work) {
    Subscription of = cluster.subscription(work.plan());
    world.after(
        of.store.latency(),
        () ->
            answer(
                of,
                () -> {
                  List<Cursor> at =
                      of.store.cursors(work.plan().uid()).stream()
                          .filter(cursor -> work.partitions().contains(cursor.partition()))
                          .toList();
                  return told -> told.seen(ticket, at);
                },
                (told, trouble) -> told.lookFailed(ticket, trouble)));
  }

  private Session held(Ticket ticket) {
    Session session = sessions.get(ticket);
    if (session == null) {
      throw new IllegalStateException(name + " was given an order for " + ticket + ", not held");
    }
    return session;
  }

  @Override
  public void fill(Ticket ticket, List<Chunk> chunks, long room, boolean oversize) {
    Session session = held(ticket);
    world.after(
        world.latency() / 10,
        () -> {
          if (!dead) {
            session.takeAnswers();
            Intake.Level level = session.intake().fill(chunks, room, oversize);
            hear(told -> told.filled(ticket, level));
          }
        });
  }

  @Override
  public void awaits(Ticket ticket, Awaited what) {}

  @Override
  public void write(Ticket ticket) {
    Session session = held(ticket);
    boolean asks = world.chance(0.2) && session.intake().asksForKeys();
    Intake.Filled filled = session.intake().cut();
    SimulatedStore store = session.of().store;
    world.after(
        store.latency(),
        () ->
            answer(
                session.of(),
                () -> {
                  store.write(session.plan(), filled.batch(), session.owner(), session.since());
                  session.left(filled.batch());
                  if (asks) {
                    session.answers().add(session.present());
                  }
                  world.trace(() -> name + " wrote " + store);
                  cluster.wrote(session.plan());
                  session
                      .passesItsHold(filled.batch())
                      .ifPresent(move -> cluster.passedItsHold(session.plan(), move));
                  return told -> told.wrote(ticket, filled.moved());
                },
                (told, trouble) -> told.writeFailed(ticket, trouble)));
  }

  @Override
  public void amend(Ticket ticket, Set<EventPlace> due) {
    Session session = held(ticket);
    Subscription of = session.of();
    world.after(
        of.store.latency() + world.latency(),
        () ->
            answer(
                of,
                () -> {
                  List<Stretch.Done> counted = amended(session, due);
                  return told -> told.amended(ticket, counted);
                },
                (told, trouble) -> told.amendFailed(ticket, trouble)));
  }

  private List<Stretch.Done> amended(Session session, Set<EventPlace> due)
      throws StoreProblem, Fenced {
    Subscription of = session.of();
    Corrections known = corrections.getOrDefault(of.uid, Corrections.NONE);
    Map<Integer, Long> cursors = session.intake().positions();
    Set<EventPlace> places = new TreeSet<>(known.places());
    places.removeIf(place -> !cursors.containsKey(place.partition()));
    Amending amending =
        new Amending(
            session.transform(),
            known,
            of.store.deadLetters(session.plan().uid(), places, session.since()),
            due);
    if (amending.isEmpty()) {
      return List.of();
    }
    checkSource(of);
    for (Map.Entry<Integer, Long> from : amending.from().entrySet()) {
      read(of, from.getKey(), from.getValue(), cursors.get(from.getKey()), amending);
    }
    Amendment amendment = amending.amendment(cursors, Instant.EPOCH);
    of.store.amend(session.plan(), amendment, session.owner(), session.since());
    session.left(amendment.batch());
    session.intake().amended(amendment);
    world.trace(() ->
        name
            + " amended "
            + session.plan().subscription()
            + " "
            + new TreeSet<>(amendment.settled()));
    cluster.amended(session.plan());
    return amendment.batch().moves().stream().map(Stretch.Done::amended).toList();
  }

  private void read(Subscription of, int number, long from, long to, Amending into)
      throws StoreProblem {
    SimulatedLog.Partition partition = log().partitions(of.topicId).get(number);
    if (partition.end < to) {
      throw new StoreProblem("HistoryTruncated", "the log ends before", "ask again", false);
    }
    for (SimulatedLog.Event event : partition.from(from).values()) {
      if (event.offset() < to) {
        into.read(SimulatedLane.record(new TopicPartition(Subscription.TOPIC, number), event));
      }
    }
  }

  @Override
  public void flush(Ticket ticket) {
    Session session = held(ticket);
    SimulatedStore store = session.of().store;
    world.after(
        store.latency(),
        () ->
            answer(
                session.of(),
                () -> {
                  store.flush(session.since());
                  store.check(session.plan().uid(), session.owner(), session.stands());
                  return told -> told.flushed(ticket);
                },
                (told, trouble) -> told.flushFailed(ticket, trouble)));
  }

  @Override
  public void cut(Ticket ticket) {
    sessions.get(ticket).of().store.disconnect();
  }

  @Override
  public void close(Ticket ticket) {
    sessions.remove(ticket);
    world.after(world.latency(), () -> hear(told -> told.closed(ticket)));
  }

  private interface Deed {
    Consumer<Core> done() throws StoreProblem, Fenced;
  }

  private interface Failed {
    void tell(Core core, Trouble trouble);
  }

  /** Does it, and answers later; or the answer is lost and nobody knows. */
  private void answer(Subscription of, Deed deed, Failed failed) {
    if (dead && world.chance(0.5)) {
      return;
    }
    Consumer<Core> outcome;
    try {
      outcome = deed.done();
      if (world.chance(of.store.answersLost)) {
        outcome = told -> failed.tell(told, unavailable());
      }
    } catch (StoreProblem e) {
      Trouble trouble = Trouble.of(e);
      outcome = told -> failed.tell(told, trouble);
    } catch (Fenced e) {
      world.trace(() -> name + " fenced " + of.name);
      outcome = told -> failed.tell(told, Trouble.fenced());
    }
    Consumer<Core> told = outcome;
    world.after(of.store.latency(), () -> hear(told));
  }

  private static Trouble unavailable() {
    return Trouble.of(new StoreProblem("StoreUnavailable", "no answer", "wait", true));
  }

  @Override
  public void read(int lane, Reading reading) {
    world.trace(() -> name + " lane " + lane + " " + byName(reading));
    lanes.get(lane).read(reading);
  }

  private static Map<String, Reading.Spot> byName(Reading reading) {
    Map<String, Reading.Spot> named = new TreeMap<>();
    reading.spots().forEach((partition, spot) -> named.put(partition.toString(), spot));
    return named;
  }

  @Override
  public void share(Set<String> topics) {}

  @Override
  public void watch(Set<String> topics, Set<TopicPartition> partitions) {}

  @Override
  public void show(PipelinePlan plan, List<Standing> standings) {
    if (standings.stream().allMatch(standing -> standing.reason() == null)) {
      stands.remove(plan.subscription());
    }
    Map<Integer, Line> before = board.getOrDefault(plan.subscription(), Map.of());
    Map<Integer, Line> now = new TreeMap<>();
    for (Standing standing : standings) {
      cluster.shows(plan, standing);
      Line line = before.get(standing.partition());
      now.put(standing.partition(), new Line(plan, standing, line == null ? null : line.sent()));
    }
    if (!now.isEmpty()) {
      board.put(plan.subscription(), now);
    }
  }

  @Override
  public void leave(ObjectKey subscription) {
    stands.remove(subscription);
    board.remove(subscription);
  }

  @Override
  public void wipe(ObjectKey subscription, Set<Integer> partitions) {
    stands.remove(subscription);
    board.remove(subscription);
    send(() -> cluster.wipe(subscription, partitions));
  }

  @Override
  public void stands(Work work, Trouble trouble) {
    world.trace(() -> name + " stands " + work.plan().subscription() + " " + trouble.code());
    stands.put(work.plan().subscription(), trouble);
    cluster.stands(work.plan(), trouble);
  }
}
