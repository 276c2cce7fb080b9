package dev.millrace.bench.contestant;

/** The names of figures in results. */
public final class Figures {
  /** Seconds of processors of the contestant; of Millrace, its worker. */
  public static final String CPU_SELF = "cpu.self";

  public static final String CPU_STORE = "cpu.store";
  public static final String CPU_BROKER = "cpu.broker";

  /** Catalog and controller, without a worker. */
  public static final String CPU_PLATFORM = "cpu.platform";

  /** The contestant's peak memory, in MB. */
  public static final String PEAK = "peakMb";

  /** From declared to Ready, in seconds. */
  public static final String READY = "readySeconds";

  /** From the first declaration until all have tables and plans, in seconds. */
  public static final String DECLARED = "declaredSeconds";

  /** From the start of the contestant's process until it could begin, in seconds. */
  public static final String BOOT = "bootSeconds";

  /** From publishing to visible in the store, in milliseconds. */
  public static final String P50 = "p50";

  public static final String P99 = "p99";

  /** Events a second. */
  public static final String RATE = "rate";

  /** Of one processor, in percent. */
  public static final String IDLE = "idlePercent";

  /** What there was to do, in the units of a dimension of growth. */
  public static final String UNITS = "units";

  /** Of the events, those of the worker that applied the fewest, in percent. */
  public static final String LEAST_SHARE = "leastSharePercent";

  /** From the end of a worker until others had all that it had not finished, in seconds. */
  public static final String TAKEN_OVER = "takenOverSeconds";

  private Figures() {}
}
