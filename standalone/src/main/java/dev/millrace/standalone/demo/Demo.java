package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.standalone.demo.Verification.Evidence;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Drives a running platform through its doors alone: publishes real data with a Kafka client,
 * declares four subscriptions over REST, then either publishes on and on while it shows what
 * happens, or publishes 2,000 live events and checks every row of every store.
 */
public final class Demo {
  private static final int LIVE_EVENTS = 2_000;
  private static final int LIVE_PER_SECOND = 20;
  private static final long POLL_MILLIS = 200;
  private static final long PATIENCE_SECONDS = 300;

  private final DemoConfig config;
  private final PrintStream out;
  private final Platform platform;
  private final Board board;

  public Demo(DemoConfig config) {
    this.config = config;
    this.out = config.out();
    this.platform = new Platform(config.base(), config.token());
    this.board = new Board(platform, out, config.terminal());
  }

  /**
   * Blocks until done or interrupted.
   *
   * @return the exit code: 0 when all went well and, with {@code once}, every row is right
   */
  public int run() {
    try {
      return play() ? 0 : 1;
    } catch (DemoFailed | Platform.Refused e) {
      if (!config.ending().getAsBoolean()) {
        out.println("demo: " + e.getMessage());
      }
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return config.once() ? 1 : 0;
    }
  }

  private boolean play() throws InterruptedException {
    Datasets datasets = Datasets.in(config.datasets());
    try (Publication quakes = open(new QuakeSequence(datasets.earthquakes(), config.seed()))) {
      publishAndDeclare(quakes);
      FlightFile file = new FlightFile(datasets.flights());
      try (Publication flights = open(new FlightSequence(file, config.seed()))) {
        publishAndDeclare(flights);
        awaitReady();
        LiveEvents live = new LiveEvents(quakes, flights);
        return config.once() ? once(datasets, quakes, flights, live) : forever(live);
      }
    }
  }

  private Publication open(Sequence sequence) throws InterruptedException {
    String product = "tenants/" + Subscription.TENANT + "/products/" + sequence.product();
    if (platform.find(product).isEmpty()) {
      platform.postYaml(
          "tenants/" + Subscription.TENANT + "/products",
          Resources.text(sequence.product() + ".yaml"));
    }
    JsonNode topic = platform.get(product).path("status").path("topic");
    return new Publication(
        sequence, topic.asText(Subscription.TENANT + "." + sequence.product()), config.kafka());
  }

  /** History first: so that what follows is a preload with a known end, not a race with it. */
  private void publishAndDeclare(Publication publication) throws InterruptedException {
    Sequence sequence = publication.sequence();
    ProgressBar bar =
        new ProgressBar(out, config.terminal(), sequence.product(), sequence.historySize());
    long published = publication.publishHistory(bar::at);
    bar.done(published);
    for (Subscription subscription : Subscription.of(sequence.product())) {
      if (platform.find(subscription.path()).isEmpty()) {
        platform.putYaml(subscription.path(), subscription.yaml(config));
      }
    }
  }

  private void awaitReady() throws InterruptedException {
    long begun = System.nanoTime();
    List<Progress> all = board.all();
    while (!all.stream().allMatch(Progress::isReady)) {
      proceed(all, begun, "Ready");
      all = board.all();
    }
    board.finish(all);
    out.printf(Locale.ROOT, "  all ready after %.1f s%n", (System.nanoTime() - begun) / 1e9);
  }

  private boolean once(Datasets datasets, Publication quakes, Publication flights, LiveEvents live)
      throws InterruptedException {
    live.publish(LIVE_EVENTS);
    live.flush();
    out.printf(Locale.ROOT, "  %,d live events published%n", LIVE_EVENTS);
    Evidence quakeEvidence = new Evidence(quakes, datasets.earthquakes(), quakes.ends());
    Evidence flightEvidence = new Evidence(flights, datasets.flights(), flights.ends());
    awaitCaughtUp(quakeEvidence);
    awaitCaughtUp(flightEvidence);
    out.println("  comparing every row of every store with what DuckDB computes from the sources");
    List<Verdict> verdicts = new Verification(platform).run(List.of(quakeEvidence, flightEvidence));
    out.println(Verdict.header());
    verdicts.forEach(verdict -> out.println(verdict.line()));
    return verdicts.stream().allMatch(Verdict::isRight);
  }

  private void awaitCaughtUp(Evidence evidence) throws InterruptedException {
    long begun = System.nanoTime();
    for (Subscription subscription : Subscription.of(evidence.publication().sequence().product())) {
      Progress progress = board.progress(subscription);
      while (!progress.hasReached(evidence.ends())) {
        proceed(List.of(progress), begun, "at the end of its topic");
        progress = board.progress(subscription);
      }
    }
  }

  /** One more look is worthwhile, after a moment. */
  private void proceed(List<Progress> progress, long begun, String goal)
      throws InterruptedException {
    for (Progress each : progress) {
      each.failure()
          .ifPresent(failure -> {
            throw new DemoFailed(failure);
          });
    }
    if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      board.finish(progress);
      throw new DemoFailed(
          "not %s within %d s: see `./millrace up`'s log".formatted(goal, PATIENCE_SECONDS));
    }
    board.show(progress);
    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
  }

  private boolean forever(LiveEvents live) throws InterruptedException {
    showHowToLook();
    long begun = System.nanoTime();
    long published = 0;
    while (true) {
      long due = (System.nanoTime() - begun) * LIVE_PER_SECOND / 1_000_000_000L;
      live.publish(due - published);
      published = due;
      board.show(board.all());
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private void showHowToLook() throws InterruptedException {
    Access access = new Access(platform);
    out.println();
    out.println("  UI     " + platform.get("info").path("ui").asText(config.base().toString()));
    out.println("  Look at the rows (the passwords are shown this once):");
    for (Subscription subscription : Subscription.ALL) {
      out.println("    " + access.line(subscription));
    }
    out.println("  or without psql and redis-cli, in another terminal:");
    out.println("    ./millrace rows demo/strong-quakes --follow");
    out.printf("  Publishing %d live events a second. Ctrl-C ends it.%n%n", LIVE_PER_SECOND);
  }
}
