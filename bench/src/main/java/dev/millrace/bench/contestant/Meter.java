package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Usage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What processes use between two moments. */
final class Meter {
  private final Map<String, List<ProcessHandle>> processes = new LinkedHashMap<>();
  private final Map<String, Double> before = new TreeMap<>();
  private double ofEnded;

  private Meter() {}

  /**
   * @param store the server that is written to
   */
  static Meter begin(Site site, ProcessHandle self, ProcessHandle store) {
    return begin(site, List.of(self), store);
  }

  /** The same of several that do the work together. */
  static Meter begin(Site site, List<ProcessHandle> selves, ProcessHandle store) {
    Meter meter = new Meter();
    meter.processes.put(Figures.CPU_SELF, List.copyOf(selves));
    meter.processes.put(Figures.CPU_STORE, List.of(store));
    meter.processes.put(Figures.CPU_BROKER, List.of(site.broker()));
    meter.processes.put(Figures.CPU_PLATFORM, List.of(site.platform().process().toHandle()));
    meter.processes.forEach((name, some) -> meter.before.put(name, cpu(some)));
    return meter;
  }

  /** One of the selves is about to be ended: nobody can be asked later what it has used. */
  void isToEnd(ProcessHandle self) {
    ofEnded += Usage.cpu(self);
  }

  /** The peak is that of the largest of the selves. */
  Map<String, Double> end() {
    Map<String, Double> used = new TreeMap<>();
    processes.forEach((name, some) -> used.put(name, cpu(some) - before.get(name)));
    used.merge(Figures.CPU_SELF, ofEnded, Double::sum);
    used.put(
        Figures.PEAK,
        processes.get(Figures.CPU_SELF).stream()
            .mapToDouble(Usage::peak)
            .filter(peak -> !Double.isNaN(peak))
            .max()
            .orElse(Double.NaN));
    return used;
  }

  private static double cpu(List<ProcessHandle> some) {
    return some.stream().mapToDouble(Usage::cpu).sum();
  }
}
