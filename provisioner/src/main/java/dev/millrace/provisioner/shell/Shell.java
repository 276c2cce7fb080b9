package dev.millrace.provisioner.shell;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.ask.Measurement;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.core.Awaited;
import dev.millrace.provisioner.core.Blocked;
import dev.millrace.provisioner.core.Chunk;
import dev.millrace.provisioner.core.Core;
import dev.millrace.provisioner.core.Intake;
import dev.millrace.provisioner.core.Orders;
import dev.millrace.provisioner.core.Reading;
import dev.millrace.provisioner.core.Sharing;
import dev.millrace.provisioner.core.Stretch;
import dev.millrace.provisioner.core.Ticket;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.core.Work;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.report.Standing;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.provisioner.source.TopicSeen;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.StoreProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives the core a thread, and does what it orders: each consumer has a thread of its own, and all
 * that waits for a store or computes is a virtual thread; but the core's own computes what takes
 * less than to wake another ({@link Ease}). What comes of it is put into the core's queue.
 */
public final class Shell implements Orders, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Shell.class);
  private static final long TICK_MILLIS = 50;

  /** While nobody waits for time to pass: what runs twenty times a second is compiled for ever. */
  private static final long RESTING_TICK_MILLIS = 250;

  private static final int AT_ONCE = 64;
  private static final long AFTER_FAULT_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 5;
  private static final long NUMBERS_OF_A_CORE = 1L << 40;

  private final Equipment equipment;
  private final Consumer<Set<String>> share;
  private Core core;
  private long numbers;

  /** What the core was told last that it is. */
  private long now;

  private long failedAt = System.nanoTime() - TimeUnit.DAYS.toNanos(1);
  private int faults;

  private final List<Lane> lanes = new ArrayList<>();
  private final BlockingQueue<Consumer<Core>> inbox = new LinkedBlockingQueue<>();
  private final Map<Ticket, Session> sessions = new ConcurrentHashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile Map<ObjectKey, PipelinePlan> plans = Map.of();
  private volatile @Nullable Map<String, Corrections> corrections;
  private volatile Set<TopicPartition> owned = Set.of();
  private volatile boolean closing;

  /**
   * @param share given the topics to share with the other workers of the group, from the core's
   *     thread
   */
  public Shell(Equipment equipment, Consumer<Set<String>> share) {
    this.equipment = equipment;
    this.share = share;
    this.core = newCore();
    for (int lane = 0; lane < equipment.limits().lanes(); lane++) {
      lanes.add(new Lane(lane, equipment, this));
    }
    this.thread = Thread.ofPlatform().name("worker-core").daemon().unstarted(this::run);
  }

  private Core newCore() {
    return new Core(
        equipment.limits(),
        this,
        () -> ThreadLocalRandom.current().nextDouble(),
        numbers += NUMBERS_OF_A_CORE);
  }

  public void start() {
    lanes.forEach(Lane::start);
    thread.start();
  }

  public void plans(Map<ObjectKey, PipelinePlan> all) {
    plans = Map.copyOf(all);
    tell(told -> told.plans(all));
  }

  /**
   * @param all by the uid of their subscription
   */
  public void corrections(Map<String, Corrections> all) {
    corrections = Map.copyOf(all);
    tell(told -> told.corrections(all));
  }

  /** Whether there is anything to do, for this worker or another. */
  public boolean hasPlans() {
    return !plans.isEmpty();
  }

  public Optional<PipelinePlan> plan(ObjectKey subscription) {
    return Optional.ofNullable(plans.get(subscription));
  }

  public void owned(Set<TopicPartition> partitions) {
    owned = Set.copyOf(partitions);
    tell(told -> told.owned(partitions));
  }

  public void topics(Map<String, TopicSeen> seen) {
    tell(told -> told.topics(seen));
  }

  /**
   * @param taken told when the core has them
   */
  void arrived(List<Chunk> chunks, Runnable taken) {
    tell(told -> {
      taken.run();
      told.arrived(chunks);
    });
  }

  void unreadable(TopicPartition partition, long seek, Trouble trouble) {
    tell(told -> told.unreadable(partition, seek, trouble));
  }

  private void tell(Consumer<Core> what) {
    inbox.add(what);
  }

  private void run() {
    long tickAt = System.nanoTime();
    long pause = TICK_MILLIS;
    while (!(closing && core.isEnded())) {
      try {
        Consumer<Core> news = inbox.poll(pause, TimeUnit.MILLISECONDS);
        if (news != null) {
          hear(news);
          pause = TICK_MILLIS;
        }
        if (System.nanoTime() - tickAt >= TimeUnit.MILLISECONDS.toNanos(pause)) {
          tickAt = tellTime();
          core.tick();
          pause = core.isResting() ? RESTING_TICK_MILLIS : TICK_MILLIS;
        }
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException | Error e) {
        LOG.errorf(e, "a fault of ours worker=%s: all pipelines begin anew", equipment.worker());
        beginAnew();
        if (!pauseAfterFault()) {
          break;
        }
      }
    }
    ended.countDown();
  }

  /**
   * What made it fail may be there still, and would at once again.
   *
   * @return false when it is to end
   */
  private boolean pauseAfterFault() {
    long since = System.nanoTime() - failedAt;
    faults = since < TimeUnit.MINUTES.toNanos(1) ? Math.min(faults + 1, MOST_DOUBLINGS) : 0;
    failedAt = System.nanoTime();
    try {
      TimeUnit.MILLISECONDS.sleep(AFTER_FAULT_MILLIS << faults);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private long tellTime() {
    now = System.nanoTime();
    core.time(now);
    return now;
  }

  /** What else has come meanwhile is told before it is looked what to read. */
  private void hear(Consumer<Core> first) {
    @Nullable Consumer<Core> next = first;
    for (int i = 0; next != null && i < AT_ONCE; i++) {
      tellTime();
      next.accept(core);
      next = i + 1 < AT_ONCE ? inbox.poll() : null;
    }
    core.turn();
  }

  /**
   * Who decided wrongly once is not asked again: another core begins with all stores let go, from
   * where they say they stand. What comes back under the old tickets finds nobody.
   */
  private void beginAnew() {
    sessions.values().forEach(session -> Thread.ofVirtual().start(session::close));
    sessions.clear();
    for (int lane = 0; lane < lanes.size(); lane++) {
      lanes.get(lane).read(Reading.NOTHING);
    }
    core = newCore();
    tellTime();
    if (closing) {
      core.close();
    } else {
      tell(told -> {
        Map<String, Corrections> known = corrections;
        if (known != null) {
          told.corrections(known);
        }
        told.plans(plans);
        told.topics(equipment.source().topics());
        told.owned(owned);
      });
    }
  }

  @Override
  public void open(Ticket ticket, Work work, long presenceBytes) {
    begin(
        ticket,
        () -> {
          Session session = Session.open(work, equipment, presenceBytes);
          LOG.infof(
              "taken subscription=%s store=%s topic=%s partitions=%s",
              ticket.subscription(),
              work.plan().target().store(),
              work.plan().source().topic(),
              work.partitions());
          for (PipelinePlan.Gap gap : work.gaps(session.cursors())) {
            LOG.warnf(
                "goes on behind a gap that was accepted subscription=%s topic=%s partition=%d from=%d"
                    + " to=%d",
                ticket.subscription(),
                work.plan().source().topic(),
                gap.partition(),
                gap.from(),
                gap.to());
          }
          if (ended.getCount() == 0) {
            session.close();
          }
          tell(told -> {
            sessions.put(ticket, session);
            if (!told.opened(ticket, session.cursors())) {
              close(ticket);
            }
          });
        },
        trouble -> tell(told -> told.openFailed(ticket, trouble)));
  }

  @Override
  public void look(Ticket ticket, Work work) {
    begin(
        ticket,
        () -> {
          List<Cursor> cursors = Target.of(work.plan(), equipment).cursors();
          tell(told -> told.seen(ticket, cursors));
        },
        trouble -> tell(told -> told.lookFailed(ticket, trouble)));
  }

  @Override
  public void fill(Ticket ticket, List<Chunk> chunks, long room, boolean oversize) {
    Session session = session(ticket);
    session.account().fills(now);
    int records = chunks.stream().mapToInt(chunk -> chunk.records().size()).sum();
    // What fills a quarter of a batch is not short either; who is full all the same is encoded
    // later.
    boolean atHand =
        session.ease().isShort(records) && chunks.stream().mapToLong(Chunk::bytes).sum() < room / 4;
    Deed deed =
        () -> {
          long began = System.nanoTime();
          session.takeAnswer();
          Intake.Level level = session.intake().fill(chunks, room, oversize);
          session.ease().took(System.nanoTime() - began, records);
          long preparing = !atHand && level.full() && level.moved() ? session.prepareFull() : 0;
          long took = System.nanoTime() - began;
          tell(told -> {
            session.account().filled(took, preparing, level.positions(), now);
            told.filled(ticket, level);
          });
        };
    Consumer<Trouble> failed =
        trouble ->
            tell(told -> {
              session.account().fillFailed(now);
              told.fillFailed(ticket, trouble);
            });
    if (atHand) {
      attempt(ticket, deed, failed);
    } else {
      begin(ticket, deed, failed);
    }
  }

  @Override
  public void awaits(Ticket ticket, Awaited what) {
    session(ticket).account().awaits(what, now);
  }

  @Override
  public void write(Ticket ticket) {
    Session session = session(ticket);
    boolean asks = session.asksForKeys();
    Outgoing batch = session.cut();
    session.account().writes(now);
    begin(
        ticket,
        () -> {
          long began = System.nanoTime();
          long encodedBefore = session.sink().effort().encodingNanos();
          long preparing = batch.prepare(session.sink());
          session.sink().write(batch.prepared());
          long encoding = preparing + session.sink().effort().encodingNanos() - encodedBefore;
          if (asks) {
            session.askForKeys();
          }
          long took = System.nanoTime() - began;
          tell(told -> {
            session.account().wrote(took, encoding, batch.events(), batch.changes(), now);
            told.wrote(ticket, batch.moved());
          });
        },
        trouble ->
            tell(told -> {
              session.account().writeFailed(now);
              told.writeFailed(ticket, trouble);
            }));
  }

  /**
   * What was measured lately: one, or none while the store is not held. From any thread.
   *
   * @return empty when nothing of the subscription is this worker's, or it cannot say in time
   */
  public Optional<List<Measurement>> measured(ObjectKey subscription, Duration patience)
      throws InterruptedException {
    // A fault in it is the asker's: on the core's thread it would have all pipelines begin anew.
    CompletableFuture<Optional<List<Measurement>>> answer =
        CompletableFuture.supplyAsync(
            () -> measured(subscription), task -> tell(told -> task.run()));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      LOG.errorf(e, "a fault of ours, not explained subscription=%s", subscription);
      return Optional.of(List.of());
    }
  }

  private Optional<List<Measurement>> measured(ObjectKey subscription) {
    return core.has(subscription)
        ? Optional.of(core.sharing(subscription).map(this::measured).stream().toList())
        : Optional.empty();
  }

  private Measurement measured(Sharing sharing) {
    Session session = session(sharing.ticket());
    return session
        .account()
        .measured(equipment.worker(), sharing.partitions(), session.sink().effort(), now);
  }

  @Override
  public void amend(Ticket ticket, Set<EventPlace> due) {
    Session session = session(ticket);
    begin(
        ticket,
        () -> {
          List<Stretch.Done> counted = new Amends(session, equipment).make(due);
          tell(told -> told.amended(ticket, counted));
        },
        trouble -> tell(told -> told.amendFailed(ticket, trouble)));
  }

  @Override
  public void flush(Ticket ticket) {
    Session session = session(ticket);
    begin(
        ticket,
        () -> {
          session.sink().flush();
          tell(told -> told.flushed(ticket));
        },
        trouble -> tell(told -> told.flushFailed(ticket, trouble)));
  }

  @Override
  public void cut(Ticket ticket) {
    LOG.warnf("a store does not let go, its connection ends ticket=%s", ticket);
    Session session = session(ticket);
    Thread.ofVirtual().name("cut-" + ticket).start(session::close);
  }

  @Override
  public void close(Ticket ticket) {
    Session session = sessions.remove(ticket);
    Thread.ofVirtual()
        .name("close-" + ticket)
        .start(() -> {
          try {
            Objects.requireNonNull(session).close();
          } catch (RuntimeException e) {
            LOG.warnf(e, "not closed in order ticket=%s", ticket);
          } finally {
            tell(told -> told.closed(ticket));
          }
        });
  }

  private Session session(Ticket ticket) {
    return Objects.requireNonNull(sessions.get(ticket));
  }

  /** What may fail in as many ways as stores and sources can. */
  private interface Deed {
    void run() throws Blocked, SourceProblem, StoreProblem, Fenced;
  }

  private static void begin(Ticket ticket, Deed deed, Consumer<Trouble> failed) {
    Thread.ofVirtual().name(ticket.toString()).start(() -> attempt(ticket, deed, failed));
  }

  private static void attempt(Ticket ticket, Deed deed, Consumer<Trouble> failed) {
    try {
      deed.run();
    } catch (Blocked e) {
      failed.accept(e.trouble());
    } catch (Fenced e) {
      failed.accept(Trouble.fenced());
    } catch (StoreProblem e) {
      failed.accept(Trouble.of(e));
    } catch (SourceProblem e) {
      failed.accept(Trouble.of(e));
    } catch (RuntimeException | Error e) {
      LOG.errorf(e, "a fault of ours ticket=%s", ticket);
      failed.accept(Trouble.ownFault(e));
    }
  }

  @Override
  public void read(int lane, Reading reading) {
    lanes.get(lane).read(reading);
  }

  @Override
  public void share(Set<String> topics) {
    share.accept(topics);
  }

  @Override
  public void watch(Set<String> topics, Set<TopicPartition> partitions) {
    equipment.source().watch(topics, partitions);
  }

  @Override
  public void show(PipelinePlan plan, List<Standing> standings) {
    equipment.board().show(plan, standings);
  }

  @Override
  public void leave(ObjectKey subscription) {
    equipment.board().leave(subscription);
  }

  @Override
  public void wipe(ObjectKey subscription, Set<Integer> partitions) {
    equipment.board().wipe(subscription, partitions);
  }

  @Override
  public void stands(Work work, Trouble trouble) {
    LOG.warnf(
        "blocked subscription=%s store=%s reason=%s again=%s: %s",
        work.plan().subscription(),
        work.plan().target().store(),
        trouble.code(),
        trouble.again(),
        trouble.message());
  }

  /** Lets go of all stores; returns at once. */
  public void stop() {
    tell(told -> {
      closing = true;
      told.close();
    });
    lanes.forEach(Lane::stop);
  }

  /**
   * A write that hangs longer than this loses its connection.
   *
   * @return whether all stores let go in time
   */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    boolean inTime = ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (!inTime) {
      sessions.values().forEach(session -> Thread.ofVirtual().start(session::close));
      ended.await(500, TimeUnit.MILLISECONDS);
    }
    return inTime;
  }

  @Override
  public void close() {
    thread.interrupt();
    lanes.forEach(Lane::close);
  }
}
