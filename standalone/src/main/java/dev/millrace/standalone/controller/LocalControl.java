package dev.millrace.standalone.controller;

import dev.millrace.catalog.control.Provisioning;
import dev.millrace.controller.PlanTopic;
import dev.millrace.controller.ReaderDesk;
import dev.millrace.controller.Sites;
import dev.millrace.controller.StoreWork;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.Vault;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The local controller and all it works with, as one thing to start and to close. */
public final class LocalControl implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LocalControl.class);

  private final Board board;
  private final Map<String, Object> kafka;
  private final Engines engines;
  private final Sites sites;
  private final ReaderDesk readers;
  private final LocalProvisioning provisioning;
  private final Admin admin;
  private final AtomicReference<@Nullable PlanTopic> plans = new AtomicReference<>();
  private final AtomicReference<@Nullable LocalController> controller = new AtomicReference<>();

  /**
   * @param kafka client settings of the platform's own principal
   */
  public LocalControl(
      Board board, Map<String, String> kafka, StoreClasses classes, Engines engines, Vault vault) {
    this.board = board;
    this.kafka = new HashMap<>(kafka);
    this.admin = Admin.create(this.kafka);
    this.engines = engines;
    this.sites = new Sites(classes, vault);
    this.readers = new ReaderDesk(vault);
    this.provisioning =
        new LocalProvisioning(
            classes,
            engines,
            sites,
            new StoreWork(board, engines, sites),
            readers,
            key -> plan().flatMap(p -> p.published(key)));
  }

  /** What the catalog asks. Works before {@link #start}, when nothing is provisioned yet. */
  public Provisioning provisioning() {
    return provisioning;
  }

  /** Reads what runs already, then looks after every subscription. */
  public void start() {
    PlanTopic topic = PlanTopic.open(kafka);
    plans.set(topic);
    controller.set(new LocalController(board, kafka, admin, topic, engines, sites, readers));
  }

  private Optional<PlanTopic> plan() {
    return Optional.ofNullable(plans.get());
  }

  @Override
  public void close() {
    try {
      LocalController running = controller.getAndSet(null);
      if (running != null) {
        running.close();
      }
    } catch (Exception e) {
      LOG.warnf("closing the controller: %s", e.getMessage());
    }
    Optional.ofNullable(plans.getAndSet(null)).ifPresent(PlanTopic::close);
    admin.close(java.time.Duration.ofSeconds(1));
  }
}
