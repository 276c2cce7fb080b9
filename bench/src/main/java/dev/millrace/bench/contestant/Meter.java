package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import dev.millrace.bench.site.Usage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What processes use between two moments. */
final class Meter {
  private final Map<String, ProcessHandle> processes = new LinkedHashMap<>();
  private final Map<String, Double> before = new TreeMap<>();

  private Meter() {}

  /**
   * @param store the server that is written to
   */
  static Meter begin(Site site, ProcessHandle self, ProcessHandle store) {
    Meter meter = new Meter();
    meter.processes.put(Figures.CPU_SELF, self);
    meter.processes.put(Figures.CPU_STORE, store);
    meter.processes.put(Figures.CPU_BROKER, site.broker());
    meter.processes.put(Figures.CPU_PLATFORM, site.platform().process().toHandle());
    meter.processes.forEach((name, process) -> meter.before.put(name, Usage.cpu(process)));
    return meter;
  }

  Map<String, Double> end() {
    Map<String, Double> used = new TreeMap<>();
    processes.forEach((name, process) -> used.put(name, Usage.cpu(process) - before.get(name)));
    used.put(Figures.PEAK, Usage.peak(processes.get(Figures.CPU_SELF)));
    return used;
  }
}
