package dev.millrace.stores.postgres;

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
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Postgres 14 and later. Connects anew for each call; sinks share sessions, and so do looks at
 * cursors that come together.
 */
public final class PostgresDriver implements StoreDriver {
  private final WriterSessions writers = new WriterSessions();
  private final SharedSessions looks = SharedSessions.fresh(Connections.Purpose.READ);

  @Override
  public String engine() {
    return "Postgres";
  }

  @Override
  public List<Finding> check(PipelinePlan plan) {
    return new PlanCheck(plan).findings();
  }

  @Override
  public String describe(PipelinePlan plan) {
    return new TableStatements(plan).all().stream().collect(Collectors.joining(";\n\n", "", ";\n"));
  }

  @Override
  public List<WriteWay> ways() {
    return Ways.ALL;
  }

  @Override
  public void probe(StoreSite site) throws StoreProblem {
    if (site.admin().isPresent()) {
      Probe.admin(site);
    } else {
      Steward.transaction(site, Probe::writer);
    }
  }

  @Override
  public void prepare(StoreSite site) throws StoreProblem {
    if (site.admin().isPresent()) {
      new Databases(site).make();
    } else {
      // Nothing is made before the first subscription is: a request that is refused leaves a store
      // that was brought as it was.
      Steward.transaction(site, Probe::writer);
    }
  }

  @Override
  public void provision(StoreSite site, PipelinePlan plan, Reader reader) throws StoreProblem {
    Steward.transaction(site, steward -> new Provisioning(steward, plan, reader).run());
  }

  @Override
  public void rotate(StoreSite site, PipelinePlan plan, Credentials reader) throws StoreProblem {
    Steward.transaction(
        site,
        steward -> {
          steward.asWriter();
          Optional<String> made = new Ledger(steward).of(plan.uid()).map(Ledger.Line::reader);
          steward.asAdmin();
          Readers readers = new Readers(steward);
          if (made.map(Reader::other).filter(reader.username()::equals).isPresent()) {
            readers.makeSecond(reader, made.get());
          } else {
            readers.changePassword(reader);
          }
        });
  }

  @Override
  public List<Cursor> cursors(StoreSite site, PipelinePlan plan) throws StoreProblem {
    Problems problems = new Problems(site, site.writer().username());
    try {
      Object me = new Object();
      SharedSession session = looks.join(site, site.writer(), "reading");
      try {
        return session.inTurn(me, connection -> cursors(connection, problems, plan));
      } finally {
        session.leave(me, connection -> {});
      }
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }

  private static List<Cursor> cursors(Connection connection, Problems problems, PipelinePlan plan)
      throws SQLException, StoreProblem {
    Cursors cursors = new Cursors(connection, plan.uid());
    List<Cursor> all = cursors.all();
    Set<Integer> missing = new TreeSet<>(plan.start().keySet());
    all.forEach(cursor -> missing.remove(cursor.partition()));
    if (!missing.isEmpty()) {
      throw Losses.cursorsMissing(problems, plan, missing);
    }
    cursors.makeSure();
    return all;
  }

  @Override
  public void withdraw(StoreSite site, PipelinePlan plan, boolean keepData) throws StoreProblem {
    if (site.admin().isPresent() && !isThere(site)) {
      // It was never made, or is gone: then nothing of it is left, either.
      return;
    }
    Steward.transaction(site, steward -> new Withdrawal(steward).run(plan.uid(), keepData));
  }

  private static boolean isThere(StoreSite site) throws StoreProblem {
    try (Server server = Server.open(site)) {
      return server.has(Server.Kind.DATABASE, site.database());
    }
  }

  @Override
  public void checkSwap(StoreSite site, PipelinePlan live, PipelinePlan next) throws StoreProblem {
    Steward.transaction(site, steward -> SwapCheck.run(steward, live, next));
  }

  @Override
  public void swap(StoreSite site, PipelinePlan live, PipelinePlan shadow, PipelinePlan next)
      throws StoreProblem {
    new Swap(site, live, shadow, next).run();
  }

  @Override
  public boolean widens(ColumnType from, ColumnType to) {
    return SqlTypes.widens(from, to);
  }

  @Override
  public void checkAlter(StoreSite site, PipelinePlan next) throws StoreProblem {
    Alteration.attempt(site, next);
  }

  @Override
  public void alter(StoreSite site, PipelinePlan next) throws StoreProblem {
    Steward.transaction(site, steward -> new Alteration(steward, next).run());
  }

  @Override
  public void remove(StoreSite site) throws StoreProblem {
    if (site.admin().isPresent()) {
      new Databases(site).drop();
    } else {
      Steward.transaction(site, Withdrawal::dropUnusedBookkeeping);
    }
  }

  @Override
  public Page rows(StoreSite site, PipelinePlan plan, int limit, Optional<String> after)
      throws StoreProblem {
    return read(site, (connection, problems) -> new Rows(connection, plan).page(limit, after));
  }

  @Override
  public Page deadLetters(StoreSite site, PipelinePlan plan, int limit, Optional<String> after)
      throws StoreProblem {
    return read(
        site, (connection, problems) -> new DeadLetters(connection, plan.uid()).page(limit, after));
  }

  @Override
  public Sink sink(StoreSite site, PipelinePlan plan, String workerId) throws StoreProblem {
    return PostgresSink.open(writers, site, plan, workerId);
  }

  @Override
  public Consumer<Batch> rehearsal(PipelinePlan plan) {
    return new Rehearsal(plan);
  }

  @Override
  public Content content(StoreSite site, PipelinePlan plan) throws StoreProblem {
    return PostgresContent.open(site, plan);
  }

  @Override
  public List<JsonNode> deadLettersAt(
      StoreSite site, PipelinePlan plan, Collection<EventPlace> places) throws StoreProblem {
    return read(site, (connection, problems) -> new DeadLetters(connection, plan.uid()).at(places));
  }

  private interface Reading<T> {
    T from(Connection connection, Problems problems) throws SQLException, StoreProblem;
  }

  private static <T> T read(StoreSite site, Reading<T> reading) throws StoreProblem {
    Problems problems = new Problems(site, site.writer().username());
    try (Connection connection =
        Connections.open(
            site, site.writer(), site.database(), Connections.Purpose.READ, "reading")) {
      return reading.from(connection, problems);
    } catch (SQLException e) {
      throw problems.of(e);
    }
  }
}
