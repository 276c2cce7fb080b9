package dev.millrace.provisioner;

import dev.millrace.api.Topics;
import dev.millrace.api.status.PartitionReport;
import dev.millrace.provisioner.core.Limits;
import dev.millrace.provisioner.question.QuestionDesk;
import dev.millrace.provisioner.question.Replies;
import dev.millrace.provisioner.rehearsal.Rehearsal;
import dev.millrace.provisioner.report.StatusBoard;
import dev.millrace.provisioner.shell.Equipment;
import dev.millrace.provisioner.shell.Shell;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.CorrectionFeed;
import dev.millrace.provisioner.source.Ownership;
import dev.millrace.provisioner.source.PlanFeed;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.provisioner.verify.Verifier;
import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.CredentialSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * One worker of a pool: brings the event streams of all plans on {@code millrace.definitions} into
 * their stores, together with the other workers of its group. Any number may run, and any may be
 * killed at any moment.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final Duration WRITES_END = Duration.ofSeconds(2);
  private static final Duration MEASURED_WITHIN = Duration.ofSeconds(5);

  private final WorkerSettings settings;
  private final Engines engines;
  private final Producer<String, byte[]> producer;
  private final SourceWatch source;
  private final StatusBoard board;
  private final Shell shell;
  private final PlanFeed plans;
  private final CorrectionFeed corrections;
  private final Ownership ownership;
  private final QuestionDesk questions;

  private Worker(WorkerSettings settings, Engines engines, CredentialSource credentials) {
    this.settings = settings;
    this.engines = engines;
    Clients clients = new Clients(settings.kafka());
    this.producer = clients.producer();
    this.source = new SourceWatch(clients, this::sourceChanged);
    this.corrections = new CorrectionFeed(clients, source);
    this.board = new StatusBoard(settings.worker(), producer, source, Clock.systemUTC());
    this.shell =
        new Shell(
            new Equipment(
                settings.worker(),
                clients,
                source,
                corrections,
                board,
                engines,
                credentials,
                Limits.within(
                    settings.memoryBytes(),
                    settings.batchBytes(),
                    Runtime.getRuntime().availableProcessors())),
            this::share);
    this.plans = new PlanFeed(clients, shell::plans);
    this.ownership = new Ownership(clients, settings.worker(), settings.group(), this::owned);
    this.questions =
        new QuestionDesk(
            clients,
            producer,
            new Replies(
                settings.worker(),
                subscription -> shell.measured(subscription, MEASURED_WITHIN),
                shell::plan,
                engines,
                credentials,
                source,
                new Verifier(
                    clients,
                    source,
                    credentials,
                    corrections::of,
                    Verifier.BUDGET_BYTES,
                    Clock.systemUTC())),
            Clock.systemUTC());
  }

  /**
   * Returns at once; a cluster or store that is not there yet is waited for.
   *
   * @throws org.apache.kafka.common.KafkaException when the Kafka properties cannot be used
   */
  public static Worker start(
      WorkerSettings settings, Engines engines, CredentialSource credentials) {
    Worker worker = new Worker(settings, engines, credentials);
    worker.shell.start();
    worker.source.start();
    worker.board.start();
    worker.ownership.start();
    worker.questions.start();
    worker.corrections.start(worker.shell::corrections);
    worker.plans.start();
    LOG.infof("started worker=%s group=%s", settings.worker(), settings.group());
    return worker;
  }

  /**
   * Until it has something to do, or can do it fast: what comes first is loaded as fast as what
   * comes later. Returns at once.
   */
  public void rehearse() {
    Thread.ofPlatform()
        .name("rehearsal")
        .daemon()
        .start(() -> Rehearsal.run(engines, () -> !shell.hasPlans()));
  }

  /** Where each partition that it has stands now, as it is reported now and then. */
  public List<PartitionReport> reports() {
    return board.reports();
  }

  private void share(Set<String> topics) {
    ownership.share(topics);
  }

  private void sourceChanged() {
    shell.topics(source.topics());
  }

  private void owned(Set<TopicPartition> partitions) {
    shell.owned(partitions);
    questions.own(
        partitions.stream()
            .filter(partition -> partition.topic().equals(Topics.REQUESTS))
            .collect(Collectors.toSet()));
  }

  /**
   * Within 5 s. Writes that are under way end first; what was read and not written is read again
   * later.
   */
  @Override
  public void close() {
    shell.stop();
    plans.stop();
    corrections.stop();
    questions.stop();
    try {
      if (!shell.awaitEnd(WRITES_END)) {
        LOG.warnf("a store did not let go in time worker=%s", settings.worker());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shell.close();
    plans.close();
    corrections.close();
    questions.close();
    ownership.close();
    source.close();
    board.close();
    producer.close(Duration.ofMillis(500));
    LOG.infof("stopped worker=%s", settings.worker());
  }
}
