package dev.millrace.provisioner;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.Json;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.needs.transform.Outcome;
import dev.millrace.needs.transform.StoreKey;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Effort;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.Prepared;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A store that one can read and that fails on purpose: as no real one does on request, such as
 * committing a batch and losing the answer, or losing the tail that was not flushed.
 */
final class MemoryStore implements StoreDriver {
  /** What goes wrong, asked at each step; throws to make it so. */
  interface Faults {
    void at(Step step) throws StoreProblem;
  }

  enum Step {
    CONNECT,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    FLUSH
  }

  /** Everything a subscription has here; copied for each commit, so that it can be set back. */
  private record Content(
      Map<StoreKey, List<@Nullable Object>> rows,
      List<String> deadLetters,
      Map<Integer, Cursor> cursors) {

    Content copy() {
      return new Content(new HashMap<>(rows), new ArrayList<>(deadLetters), new TreeMap<>(cursors));
    }
  }

  private final Map<String, Content> committed = new HashMap<>();
  private int crashes;
  private final Map<String, Content> flushed = new HashMap<>();
  volatile Faults faults = step -> {};

  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();

  /** Writes that have begun to hang. */
  volatile int waiting;

  /** How often a row was taken away because its event left the filter. */
  volatile int leaves;

  /** Largest number of entries that came in one batch. */
  volatile int largestBatch;

  static StoreProblem unavailable() {
    return new StoreProblem("StoreUnavailable", "the store is away", "Bring it back", true);
  }

  synchronized Map<StoreKey, List<@Nullable Object>> rows(PipelinePlan plan) {
    return Map.copyOf(content(plan).rows());
  }

  synchronized List<String> deadLetters(PipelinePlan plan) {
    return List.copyOf(content(plan).deadLetters());
  }

  synchronized Counts counts(PipelinePlan plan) {
    return content(plan).cursors().values().stream()
        .map(Cursor::counts)
        .reduce(Counts.NONE, Counts::plus);
  }

  synchronized Map<Integer, Long> positions(PipelinePlan plan) {
    Map<Integer, Long> positions = new TreeMap<>();
    content(plan).cursors().forEach((partition, at) -> positions.put(partition, at.nextOffset()));
    return positions;
  }

  synchronized void forgetCursors(PipelinePlan plan) {
    content(plan).cursors().clear();
  }

  /** Writes of this plan wait for the latch. */
  void hang(PipelinePlan plan, CountDownLatch latch) {
    hanging.put(plan.uid(), latch);
  }

  /** What was not flushed is gone and every connection with it. */
  synchronized void crash() {
    crashes++;
    flushed.forEach((uid, content) -> committed.put(uid, content.copy()));
  }

  @Override
  public void provision(StoreSite site, PipelinePlan plan, Reader reader) {
    provision(plan);
  }

  synchronized void provision(PipelinePlan plan) {
    Content content = new Content(new HashMap<>(), new ArrayList<>(), new TreeMap<>());
    plan.start()
        .forEach((partition, start) ->
            content
                .cursors()
                .put(
                    partition,
                    new Cursor(
                        partition,
                        start,
                        Optional.empty(),
                        plan.source().clusterId(),
                        plan.source().topicId(),
                        plan.definition(),
                        "",
                        Counts.NONE)));
    committed.put(plan.uid(), content);
    flushed.put(plan.uid(), content.copy());
  }

  @Override
  public Consumer<Batch> rehearsal(PipelinePlan plan) {
    return batch -> {
      // Nothing is sent, so nothing is left of it.
    };
  }

  @Override
  public Sink sink(StoreSite site, PipelinePlan plan, String workerId) throws StoreProblem {
    faults.at(Step.CONNECT);
    return new MemorySink(plan);
  }

  private final class MemorySink implements Sink {
    private final PipelinePlan plan;
    private final String owner = UUID.randomUUID().toString();
    private final int opened = crashes;
    private final Effort effort = new Effort();

    MemorySink(PipelinePlan plan) {
      this.plan = plan;
    }

    @Override
    public Effort effort() {
      return effort;
    }

    @Override
    public List<Cursor> take(Set<Integer> partitions) throws StoreProblem {
      synchronized (MemoryStore.this) {
        connected();
        Map<Integer, Cursor> cursors = content(plan).cursors();
        for (int partition : partitions) {
          Cursor old = cursors.get(partition);
          if (old == null) {
            throw new StoreProblem("StoreLost", "no cursor", "Look for the store", false);
          }
          cursors.put(partition, moved(old, old.nextOffset(), old.leaderEpoch(), Counts.NONE));
        }
        return partitions.stream().map(cursors::get).toList();
      }
    }

    /** As it is. */
    private record Kept(Batch batch) implements Prepared {
      @Override
      public long nanos() {
        return 0;
      }
    }

    @Override
    public Prepared prepare(Batch batch) {
      return new Kept(batch);
    }

    @Override
    public void write(Prepared prepared) throws Fenced, StoreProblem {
      Batch batch = ((Kept) prepared).batch();
      faults.at(Step.BEFORE_COMMIT);
      awaitLatch();
      synchronized (MemoryStore.this) {
        connected();
        largestBatch = Math.max(largestBatch, batch.entries().size());
        Content next = content(plan).copy();
        for (Batch.Move move : batch.moves()) {
          Cursor old = next.cursors().get(move.partition());
          if (old.nextOffset() != move.from() || !old.owner().equals(owner)) {
            throw new Fenced("partition " + move.partition());
          }
          next.cursors()
              .put(
                  move.partition(),
                  moved(
                      old,
                      move.to(),
                      move.to() == move.from() ? old.leaderEpoch() : move.leaderEpoch(),
                      move.delta()));
        }
        batch.entries().forEach(entry -> apply(entry, next));
        committed.put(plan.uid(), next);
      }
      faults.at(Step.AFTER_COMMIT);
    }

    @Override
    public Set<EventPlace> deadLetters(Collection<EventPlace> places) {
      return MemoryStore.this.deadLetters(plan).stream()
          .map(MemoryStore::place)
          .filter(places::contains)
          .collect(Collectors.toSet());
    }

    @Override
    public void amend(Amendment amendment) throws Fenced, StoreProblem {
      Set<EventPlace> leaving = new HashSet<>(amendment.settled());
      amendment.batch().entries().stream()
          .filter(entry -> entry.outcome() instanceof Outcome.Dead)
          .forEach(entry -> leaving.add(new EventPlace(entry.partition(), entry.offset())));
      synchronized (MemoryStore.this) {
        if (!deadLetters(leaving).equals(leaving)) {
          throw new Fenced("a dead letter is not there any more");
        }
        Content before = content(plan);
        Content next = before.copy();
        next.deadLetters().removeIf(letter -> leaving.contains(place(letter)));
        committed.put(plan.uid(), next);
        try {
          write(amendment.batch());
        } catch (Fenced | StoreProblem e) {
          committed.put(plan.uid(), before);
          throw e;
        }
      }
    }

    private void awaitLatch() {
      CountDownLatch latch = hanging.get(plan.uid());
      if (latch == null) {
        return;
      }
      try {
        waiting++;
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void apply(Batch.Entry entry, Content content) {
      switch (entry.outcome()) {
        case Outcome.Put put -> content.rows().put(put.key(), Arrays.asList(put.row()));
        case Outcome.Add add ->
            content
                .rows()
                .put(new StoreKey(entry.partition(), entry.offset()), Arrays.asList(add.row()));
        case Outcome.Delete delete -> content.rows().remove(delete.key());
        case Outcome.Leave leave -> {
          leaves++;
          content.rows().remove(leave.key());
        }
        case Outcome.Dead dead ->
            content.deadLetters().add(entry.partition() + "/" + entry.offset() + " " + dead.code());
        case Outcome.Pass pass -> throw new IllegalArgumentException("a batch holds no Pass");
      }
    }

    private Cursor moved(Cursor old, long to, Optional<Integer> epoch, Counts delta) {
      return new Cursor(
          old.partition(),
          to,
          epoch,
          old.clusterId(),
          old.topicId(),
          plan.definition(),
          owner,
          old.counts().plus(delta));
    }

    private void connected() throws StoreProblem {
      if (opened != crashes) {
        throw unavailable();
      }
    }

    @Override
    public void flush() throws StoreProblem {
      faults.at(Step.FLUSH);
      synchronized (MemoryStore.this) {
        connected();
        flushed.put(plan.uid(), content(plan).copy());
      }
    }

    @Override
    public boolean presentKeys(long most, Consumer<StoreKey> each) {
      rows(plan).keySet().forEach(each);
      return true;
    }

    @Override
    public void close() {}
  }

  private static EventPlace place(String letter) {
    String[] parts = letter.split("[/ ]");
    return new EventPlace(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
  }

  private Content content(PipelinePlan plan) {
    return committed.get(plan.uid());
  }

  @Override
  public synchronized List<Cursor> cursors(StoreSite site, PipelinePlan plan) {
    return List.copyOf(content(plan).cursors().values());
  }

  @Override
  public String engine() {
    return "Memory";
  }

  @Override
  public Page rows(StoreSite site, PipelinePlan plan, int limit, Optional<String> after) {
    List<JsonNode> rows =
        rows(plan).values().stream()
            .limit(limit)
            .map(row -> (JsonNode) Json.STRICT.valueToTree(row))
            .toList();
    return new Page(rows, Optional.empty());
  }

  @Override
  public Page deadLetters(StoreSite site, PipelinePlan plan, int limit, Optional<String> after) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<JsonNode> deadLettersAt(
      StoreSite site, PipelinePlan plan, Collection<EventPlace> places) {
    return deadLetters(plan).stream()
        .map(MemoryStore::place)
        .filter(places::contains)
        .map(place -> (JsonNode) Json.STRICT.valueToTree(place))
        .toList();
  }

  @Override
  public synchronized dev.millrace.stores.Content content(StoreSite site, PipelinePlan plan) {
    return new MemoryContent(content(plan).rows(), content(plan).cursors());
  }

  @Override
  public List<Finding> check(PipelinePlan plan) {
    return List.of();
  }

  @Override
  public String describe(PipelinePlan plan) {
    return "";
  }

  @Override
  public List<WriteWay> ways() {
    return List.of(new WriteWay("Memory", "all at once"));
  }

  @Override
  public void probe(StoreSite site) {}

  @Override
  public void prepare(StoreSite site) {}

  @Override
  public void rotate(StoreSite site, PipelinePlan plan, Credentials reader) {}

  @Override
  public void withdraw(StoreSite site, PipelinePlan plan, boolean keepData) {}

  /** Workers never swap, and this store is theirs alone: real ones are held to the contract. */
  @Override
  public void checkSwap(StoreSite site, PipelinePlan live, PipelinePlan next) {
    throw new AssertionError("a worker asked for a swap of " + live.subscription());
  }

  @Override
  public void swap(StoreSite site, PipelinePlan live, PipelinePlan shadow, PipelinePlan next) {
    throw new AssertionError("a worker swapped " + live.subscription());
  }

  @Override
  public boolean widens(ColumnType from, ColumnType to) {
    return false;
  }

  @Override
  public void checkAlter(StoreSite site, PipelinePlan next) {
    throw new AssertionError("a worker asked to alter " + next.subscription());
  }

  @Override
  public void alter(StoreSite site, PipelinePlan next) {
    throw new AssertionError("a worker altered " + next.subscription());
  }

  @Override
  public void remove(StoreSite site) {}
}
