package dev.millrace.stores.redis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ask.Explanation.WriteWay;
import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.problem.Finding;
import dev.millrace.needs.column.ColumnType;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Content;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Reader;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Provisions key spaces. Where the site has an admin, it makes the users; otherwise the writer does
 * what it may.
 */
public final class RedisDriver implements StoreDriver {
  private final int mostKeysMoved;

  public RedisDriver() {
    this(Swap.MOST_KEYS);
  }

  /**
   * @param mostKeysMoved in one step by a swap
   */
  RedisDriver(int mostKeysMoved) {
    this.mostKeysMoved = mostKeysMoved;
  }

  @Override
  public String engine() {
    return "Redis";
  }

  @Override
  public List<Finding> check(PipelinePlan plan) {
    return PlanCheck.findings(plan);
  }

  @Override
  public String describe(PipelinePlan plan) {
    return PlanText.of(plan);
  }

  @Override
  public List<WriteWay> ways() {
    return BatchWriter.WAYS;
  }

  @Override
  public void probe(StoreSite site) throws StoreProblem {
    try (Connection connection = Connection.open(site, manager(site))) {
      ServerCheck check = new ServerCheck(connection);
      check.server();
      check.configuration();
      if (site.admin().isPresent()) {
        check.admin();
      } else {
        check.writer(Bookkeeping.ROOT);
      }
    }
  }

  @Override
  public void prepare(StoreSite site) throws StoreProblem {
    probe(site);
    adjustWriter(site);
  }

  @Override
  public void provision(StoreSite site, PipelinePlan plan, Reader reader) throws StoreProblem {
    demandChecked(plan);
    Provisioning.of(site, plan, manager(site), reader).run();
    adjustWriter(site);
  }

  @Override
  public void rotate(StoreSite site, PipelinePlan plan, Credentials reader) throws StoreProblem {
    String prefix = prefix(plan);
    try (Connection connection = Connection.open(site, manager(site));
        Prefixes prefixes = Prefixes.open(site, manager(site))) {
      boolean itsOwn =
          prefixes
              .claimOf(prefix, plan.uid())
              .map(Claim::reader)
              .filter(made ->
                  reader.username().equals(made) || reader.username().equals(Reader.other(made)))
              .isPresent();
      if (!itsOwn) {
        // It was withdrawn: a reader that is made anew would outlast it.
        throw new StoreProblem(
            "StoreLost",
            "the keys beginning with '" + prefix + "' are not this subscription's any more",
            "Ask for the subscription again.",
            false);
      }
      Users users = new Users(connection);
      users.reader(site, prefix, reader);
      users.endSessions(reader.username());
      users.save();
    }
  }

  @Override
  public List<Cursor> cursors(StoreSite site, PipelinePlan plan) throws StoreProblem {
    try (Connection connection = Connection.open(site, site.writer())) {
      List<Cursor> all = new ArrayList<>();
      Cursors cursors = new Cursors(plan);
      cursors.request(connection.requests(), plan.start().keySet());
      for (int partition : plan.start().keySet()) {
        all.add(
            Cursors.cursor(partition, connection.readOk())
                .orElseThrow(() -> cursors.lost(partition)));
      }
      AppendFile.await(connection);
      return all;
    } catch (IOException e) {
      throw new Problems(site, site.writer().username()).lost(e);
    }
  }

  /**
   * Cursors go first: from then on no worker writes. The claim goes last: as long as it is there,
   * this can be done again, and only what it names is ever deleted.
   */
  @Override
  public void withdraw(StoreSite site, PipelinePlan plan, boolean keepData) throws StoreProblem {
    String prefix = prefix(plan);
    try (Connection connection = Connection.open(site, manager(site));
        Prefixes prefixes = Prefixes.open(site, manager(site))) {
      removeBookkeeping(connection, plan);
      Optional<Claim> claim = prefixes.claimOf(prefix, plan.uid());
      if (claim.isEmpty()) {
        return;
      }
      if (keepData) {
        prefixes.change(prefix, claim.get().in(Claim.KEPT));
        adjustWriter(site);
      } else {
        removeKeySpace(site, connection, prefixes, claim.get(), prefix);
      }
    }
  }

  /** While the claim is new, keys that are there may be a stranger's. */
  private static void removeKeySpace(
      StoreSite site, Connection connection, Prefixes prefixes, Claim claim, String prefix)
      throws StoreProblem {
    if (!claim.state().equals(Claim.NEW)) {
      prefixes.change(prefix, claim.in(Claim.LEAVING));
      new KeySpace(connection, prefix).unlinkAll();
    }
    removeReader(connection, claim);
    adjustWriter(site);
    prefixes.release(prefix, claim);
  }

  private static void removeBookkeeping(Connection connection, PipelinePlan plan)
      throws StoreProblem {
    Bookkeeping bookkeeping = new Bookkeeping(plan.target().store());
    List<String> words = new ArrayList<>(List.of("UNLINK", bookkeeping.deadLetters(plan)));
    plan.start().keySet().forEach(partition -> words.add(bookkeeping.cursor(plan, partition)));
    connection.ask(words.toArray(String[]::new));
  }

  private static void removeReader(Connection connection, Claim claim) throws StoreProblem {
    if (claim.reader() != null) {
      Users users = new Users(connection);
      users.remove(claim.reader());
      users.remove(Reader.other(claim.reader()));
      users.save();
    }
  }

  @Override
  public void checkSwap(StoreSite site, PipelinePlan live, PipelinePlan next) throws StoreProblem {
    demandChecked(next);
    SwapCheck.run(site, live, next, manager(site), mostKeysMoved);
  }

  /**
   * What is left of the shadow goes last, and is not waited for on disk: should it come back, this
   * is done again or the shadow is withdrawn.
   */
  @Override
  public void swap(StoreSite site, PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws StoreProblem {
    demandChecked(next);
    new Swap(site, live, shadow, next, mostKeysMoved).run(manager(site));
    withdraw(site, shadow, false);
    try (Connection connection = Connection.open(site, manager(site))) {
      AppendFile.await(connection);
    }
  }

  /** Every row says the same of a value that both can hold. */
  @Override
  public boolean widens(ColumnType from, ColumnType to) {
    return switch (from) {
      case ColumnType.Int32 i -> to instanceof ColumnType.Int64;
      case ColumnType.Decimal was ->
          to instanceof ColumnType.Decimal is
              && was.scale() == is.scale()
              && was.precision() < is.precision();
      default -> false;
    };
  }

  @Override
  public void checkAlter(StoreSite site, PipelinePlan next) throws StoreProblem {
    demandChecked(next);
  }

  /** Rows have no shape that would have to be changed. */
  @Override
  public void alter(StoreSite site, PipelinePlan next) throws StoreProblem {
    demandChecked(next);
    try (Connection connection = Connection.open(site, manager(site))) {
      new Cursors(next).alter(connection);
      AppendFile.await(connection);
    }
  }

  @Override
  public void remove(StoreSite site) throws StoreProblem {
    try (Connection connection = Connection.open(site, manager(site))) {
      new KeySpace(connection, new Bookkeeping(site.store()).root()).unlinkAll();
      if (site.admin().isPresent()) {
        Users users = new Users(connection);
        users.remove(site.writer().username());
        users.save();
      }
    }
  }

  @Override
  public Page rows(StoreSite site, PipelinePlan plan, int limit, Optional<String> after)
      throws StoreProblem {
    try (Connection connection = Connection.open(site, site.writer())) {
      return new KeySpace(connection, prefix(plan)).page(RowFormat.of(plan), limit, after);
    }
  }

  @Override
  public Page deadLetters(StoreSite site, PipelinePlan plan, int limit, Optional<String> after)
      throws StoreProblem {
    try (Connection connection = Connection.open(site, site.writer())) {
      String key = new Bookkeeping(plan.target().store()).deadLetters(plan);
      return DeadLetters.page(connection, key, limit, after);
    }
  }

  @Override
  public Sink sink(StoreSite site, PipelinePlan plan, String workerId) throws StoreProblem {
    demandChecked(plan);
    return RedisSink.open(site, plan, workerId);
  }

  @Override
  public Consumer<Batch> rehearsal(PipelinePlan plan) {
    return new Rehearsal(plan);
  }

  @Override
  public Content content(StoreSite site, PipelinePlan plan) throws StoreProblem {
    demandChecked(plan);
    return RedisContent.open(site, plan);
  }

  @Override
  public List<JsonNode> deadLettersAt(
      StoreSite site, PipelinePlan plan, Collection<EventPlace> places) throws StoreProblem {
    try (Connection connection = Connection.open(site, site.writer())) {
      String key = new Bookkeeping(plan.target().store()).deadLetters(plan);
      return DeadLetters.at(connection, key, places).values().stream()
          .map(DeadLetters::parsed)
          .toList();
    }
  }

  /** Whoever made the plan: no key of it may be one of the bookkeeping. */
  private static void demandChecked(PipelinePlan plan) throws StoreProblem {
    List<Finding> findings = PlanCheck.findings(plan);
    if (!findings.isEmpty()) {
      throw new StoreProblem(
          "SchemaRejected",
          "Redis cannot keep " + plan.subscription() + ": " + findings.get(0).message(),
          String.valueOf(findings.get(0).remedy()),
          false);
    }
  }

  /**
   * Gives the writer the prefixes it has to have, and no more. If another thread claims or leaves
   * one meanwhile, whoever comes last sees both. A writer that was brought is left as it is.
   */
  private static void adjustWriter(StoreSite site) throws StoreProblem {
    if (site.admin().isEmpty()) {
      return;
    }
    try (Connection connection = Connection.open(site, manager(site));
        Prefixes prefixes = Prefixes.open(site, manager(site))) {
      Users users = new Users(connection);
      List<String> wanted;
      do {
        wanted = prefixes.writtenIn(site.store());
        users.writer(site, wanted);
      } while (!prefixes.writtenIn(site.store()).equals(wanted));
      users.save();
    }
  }

  private static Credentials manager(StoreSite site) {
    return site.admin().orElse(site.writer());
  }

  private static String prefix(PipelinePlan plan) {
    return Objects.requireNonNull(plan.target().keys()).prefix();
  }
}
