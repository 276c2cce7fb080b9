package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Stream;
import dev.millrace.bench.site.Usage;
import dev.millrace.bench.workload.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a worker uses while its many subscriptions get nothing. */
public final class Idle implements Contestant {
  /**
   * The compiler goes on for a while: what runs for ever is looked for. In times of the measured.
   */
  private static final int SETTLING = 2;

  @Override
  public String name() {
    return "millrace";
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    Stream stream = site.stream("no-bids", false, 0);
    List<Subscription> all = new ArrayList<>();
    try (Worker worker = Worker.start(site)) {
      return run(site, scale, stream, round, worker, all);
    } finally {
      for (Subscription each : all) {
        each.close();
      }
    }
  }

  private static Attempt run(
      Site site, Scale scale, Stream stream, int round, Worker worker, List<Subscription> all)
      throws Exception {
    for (int i = 0; i < scale.idle(); i++) {
      Query query = Query.share(i, scale.idle());
      all.add(new Subscription(site, "idle-" + round + "-" + i, stream, query, Target.POSTGRES));
      all.get(i).declare();
    }
    all.forEach(Subscription::awaitReady);
    TimeUnit.SECONDS.sleep((long) SETTLING * scale.idleSeconds());
    double before = Usage.cpu(worker.handle());
    TimeUnit.SECONDS.sleep(scale.idleSeconds());
    double percent = (Usage.cpu(worker.handle()) - before) / scale.idleSeconds() * 100;
    List<String> wrong = new ArrayList<>();
    for (Subscription each : all) {
      wrong.addAll(each.wrong(0));
    }
    return new Attempt(
        0,
        scale.idleSeconds(),
        Map.of(Figures.IDLE, percent, Figures.PEAK, Usage.peak(worker.handle())),
        wrong);
  }
}
