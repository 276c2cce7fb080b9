package dev.millrace.bench.contestant;

import dev.millrace.bench.result.SoakResult;
import dev.millrace.bench.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A soak of some seconds, to see that it works; whether anything grows it cannot tell. */
public final class BriefSoak implements Contestant {
  private static final Soak.Plan PLAN = new Soak.Plan("", 4, 4_000, 5, 20_000);

  @Override
  public String name() {
    return "millrace";
  }

  @Override
  public Attempt run(Site site, Scale scale, int round) throws Exception {
    SoakResult result = new Soak(site, PLAN, line -> {}).run();
    List<String> wrong = new ArrayList<>(result.wrong());
    wrong.addAll(result.firstErrors());
    if (result.restarts() > 0) {
      wrong.add(result.restarts() + " times a partition was taken again");
    }
    SoakResult.Sample last = result.samples().getLast();
    return new Attempt(
        result.events(),
        result.seconds(),
        Map.of(Figures.P50, last.p50(), Figures.P99, last.p99()),
        wrong);
  }
}
