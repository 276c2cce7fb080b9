package dev.millrace.bench.row;

import dev.millrace.bench.contestant.Contestant;
import dev.millrace.bench.contestant.FanOut;
import dev.millrace.bench.contestant.Figures;
import dev.millrace.bench.contestant.Flink;
import dev.millrace.bench.contestant.Idle;
import dev.millrace.bench.contestant.Live;
import dev.millrace.bench.contestant.Plain;
import dev.millrace.bench.contestant.Preload;
import dev.millrace.bench.contestant.Reload;
import dev.millrace.bench.contestant.StoreTool;
import dev.millrace.bench.contestant.Sustained;
import dev.millrace.bench.contestant.Target;
import dev.millrace.bench.result.Result;
import dev.millrace.bench.workload.Query;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The table of targets, and the work behind each of its lines. */
public final class Rows {
  private static final String MILLRACE = "millrace";
  private static final String DELETES = "millrace-deletes";

  private Rows() {}

  public static List<Scenario> scenarios() {
    return List.of(
        new Scenario(
            "q0-postgres",
            List.of(
                Plain.consumer(Query.Q0, Target.POSTGRES),
                Flink.of(Query.Q0),
                StoreTool.copy(),
                Preload.of(MILLRACE, Query.Q0, Target.POSTGRES))),
        new Scenario(
            "q0-postgres-10m",
            List.of(StoreTool.longCopy(), Preload.ofMany(MILLRACE, Query.Q0, Target.POSTGRES))),
        new Scenario("q0-postgres-upsert", List.of(StoreTool.copy(), new Reload())),
        filtered("q2-postgres", Query.Q2, Target.POSTGRES),
        filtered("q22-postgres", Query.Q22, Target.POSTGRES),
        filtered("q2-redis", Query.Q2, Target.REDIS_AOF),
        filtered("q22-redis", Query.Q22, Target.REDIS_AOF),
        redis("q0-redis", Target.REDIS),
        redis("q0-redis-aof", Target.REDIS_AOF),
        new Scenario(
            "q0-shaped",
            List.of(
                Preload.of(MILLRACE, Query.Q0, Target.POSTGRES),
                Preload.of("millrace-shaped", Query.SHAPED, Target.POSTGRES))),
        live("live-postgres", Target.POSTGRES),
        live("live-redis", Target.REDIS_AOF),
        new Scenario(
            "live-sustained",
            List.of(Preload.of(MILLRACE, Query.Q0, Target.POSTGRES), new Sustained())),
        new Scenario("fan-out", List.of(FanOut.one(), FanOut.some(), FanOut.many())),
        new Scenario("idle", List.of(new Idle())));
  }

  private static Scenario filtered(String name, Query query, Target target) {
    List<Contestant> first = List.of(Plain.consumer(query, target));
    List<Contestant> last =
        List.of(
            Plain.bare(),
            Preload.ofInsertOnly(MILLRACE, query, target),
            Preload.of(DELETES, query, target));
    List<Contestant> flink = target == Target.POSTGRES ? List.of(Flink.of(query)) : List.of();
    return new Scenario(
        name, java.util.stream.Stream.of(first, flink, last).flatMap(List::stream).toList());
  }

  private static Scenario redis(String name, Target target) {
    return new Scenario(
        name,
        List.of(
            Plain.consumer(Query.Q0, target),
            StoreTool.pipe(target),
            Preload.of(MILLRACE, Query.Q0, target)));
  }

  private static Scenario live(String name, Target target) {
    return new Scenario(name, List.of(Live.plain(target), Live.millrace(target)));
  }

  public static List<Row> all() {
    return List.of(
        faster(
            "q0-postgres",
            "q0-postgres",
            "preload q0 → Postgres, empty table, 1 M",
            "`psql \\copy`",
            MILLRACE,
            "copy",
            1.0),
        faster(
            "q0-postgres-10m",
            "q0-postgres-10m",
            "the same, 10 M",
            "`psql \\copy`",
            MILLRACE,
            "copy",
            1.0),
        faster(
            "q0-postgres-upsert",
            "q0-postgres-upsert",
            "q0 into a table where all keys exist",
            "`\\copy` into an empty one",
            MILLRACE,
            "copy",
            0.5),
        faster(
            "q2-postgres",
            "q2-postgres",
            "preload q2 → Postgres, `insertOnly`",
            "bare consumer, 2 threads",
            MILLRACE,
            "bare",
            1.0),
        faster(
            "q22-postgres",
            "q22-postgres",
            "preload q22 → Postgres, `insertOnly`",
            "bare consumer, 2 threads",
            MILLRACE,
            "bare",
            0.8),
        faster(
            "q2-redis",
            "q2-redis",
            "preload q2 → Redis, `insertOnly`",
            "bare consumer, 2 threads",
            MILLRACE,
            "bare",
            0.8),
        faster(
            "q22-redis",
            "q22-redis",
            "preload q22 → Redis, `insertOnly`",
            "bare consumer, 2 threads",
            MILLRACE,
            "bare",
            0.8),
        deletes("q2-postgres", "q2 → Postgres, not `insertOnly`"),
        deletes("q22-postgres", "q22 → Postgres, not `insertOnly`"),
        deletes("q2-redis", "q2 → Redis, not `insertOnly`"),
        deletes("q22-redis", "q22 → Redis, not `insertOnly`"),
        faster(
            "q0-redis",
            "q0-redis",
            "preload q0 → Redis, AOF off",
            "`redis-cli --pipe`",
            MILLRACE,
            "pipe",
            0.95),
        faster(
            "q0-redis-aof",
            "q0-redis-aof",
            "preload q0 → Redis, AOF everysec",
            "`redis-cli --pipe`",
            MILLRACE,
            "pipe",
            0.85),
        faster(
            "q0-shaped",
            "q0-shaped",
            "q0 with filter, 3 renames, cast, mask, computed field → Postgres",
            "q0 itself",
            "millrace-shaped",
            MILLRACE,
            0.7),
        most("live-postgres-p50", "live-postgres", "live 1,000/s → Postgres, p50", Figures.P50, 4),
        most("live-postgres-p99", "live-postgres", "live 1,000/s → Postgres, p99", Figures.P99, 30),
        most("live-redis-p50", "live-redis", "live 1,000/s → Redis, p50", Figures.P50, 1.5),
        most("live-redis-p99", "live-redis", "live 1,000/s → Redis, p99", Figures.P99, 8),
        new Row(
            "live-sustained",
            "live-sustained",
            "live sustained: highest rate with p99 ≤ 100 ms",
            "preload rate",
            round -> figure(round, "millrace-live", Figures.RATE) / rate(round, MILLRACE),
            Row.Bound.AT_LEAST,
            0.5,
            ""),
        new Row(
            "fan-out-50",
            "fan-out",
            "50 subscriptions of 0.8 % each, seconds",
            "1 such subscription",
            round -> seconds(round, "some") / seconds(round, "one"),
            Row.Bound.AT_MOST,
            1.8,
            ""),
        new Row(
            "fan-out-50-cpu",
            "fan-out",
            "50 subscriptions of 0.8 % each, worker's CPU",
            "1 such subscription",
            round ->
                figure(round, "some", Figures.CPU_SELF) / figure(round, "one", Figures.CPU_SELF),
            Row.Bound.AT_MOST,
            1.8,
            ""),
        new Row(
            "fan-out-1000",
            "fan-out",
            "1,000 subscriptions, together 40 % of the events, seconds",
            "50 of them",
            round -> seconds(round, "many") / seconds(round, "some"),
            Row.Bound.AT_MOST,
            2,
            ""),
        new Row(
            "ready",
            "q0-postgres",
            "a new subscription over 1 M events, declared → Ready",
            "",
            round -> figure(round, MILLRACE, Figures.READY),
            Row.Bound.AT_MOST,
            5,
            "s"),
        new Row(
            "memory",
            "q0-postgres",
            "worker's peak memory, q0",
            "",
            round -> figure(round, MILLRACE, Figures.PEAK),
            Row.Bound.AT_MOST,
            600,
            "MB"),
        new Row(
            "idle",
            "idle",
            "worker's idle CPU, 100 idle subscriptions",
            "",
            round -> figure(round, MILLRACE, Figures.IDLE),
            Row.Bound.AT_MOST,
            2,
            "%"),
        new Row(
            "cpu",
            "q0-postgres",
            "CPU seconds a million events, q0 → Postgres, self + store",
            "",
            round ->
                (figure(round, MILLRACE, Figures.CPU_SELF)
                        + figure(round, MILLRACE, Figures.CPU_STORE))
                    / events(round, MILLRACE)
                    * 1e6,
            Row.Bound.AT_MOST,
            6,
            "s"));
  }

  private static Row faster(
      String name,
      String scenario,
      String what,
      String baseline,
      String who,
      String against,
      double target) {
    return new Row(
        name,
        scenario,
        what,
        baseline,
        round -> rate(round, who) / rate(round, against),
        Row.Bound.AT_LEAST,
        target,
        "");
  }

  private static Row deletes(String scenario, String what) {
    return faster(
        scenario + "-deletes", scenario, what, "with `insertOnly`", DELETES, MILLRACE, 0.8);
  }

  private static Row most(String name, String scenario, String what, String figure, double target) {
    return new Row(
        name,
        scenario,
        what,
        "",
        (ToDoubleFunction<Map<String, Result>>) round -> figure(round, MILLRACE, figure),
        Row.Bound.AT_MOST,
        target,
        "ms");
  }

  private static double rate(Map<String, Result> round, String contestant) {
    return round.containsKey(contestant) ? round.get(contestant).rate() : Double.NaN;
  }

  private static double seconds(Map<String, Result> round, String contestant) {
    return round.containsKey(contestant) ? round.get(contestant).seconds() : Double.NaN;
  }

  private static double events(Map<String, Result> round, String contestant) {
    return round.containsKey(contestant) ? round.get(contestant).events() : Double.NaN;
  }

  private static double figure(Map<String, Result> round, String contestant, String figure) {
    return round.containsKey(contestant) ? round.get(contestant).figure(figure) : Double.NaN;
  }
}
