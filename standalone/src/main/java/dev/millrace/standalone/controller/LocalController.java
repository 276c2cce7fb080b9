package dev.millrace.standalone.controller;

import dev.millrace.controller.PlanTopic;
import dev.millrace.controller.ReaderDesk;
import dev.millrace.controller.Sites;
import dev.millrace.controller.StatusTopic;
import dev.millrace.controller.SubscriptionController;
import dev.millrace.needs.reconcile.Board;
import dev.millrace.stores.Engines;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Looks at every subscription when something concerns it, and at all of them now and then. */
final class LocalController implements AutoCloseable {
  private static final Duration RESYNC = Duration.ofSeconds(30);

  private final Worklist worklist = new Worklist();
  private final StatusTopic status;
  private final AutoCloseable watching;

  LocalController(
      Board board,
      Map<String, Object> kafka,
      Admin admin,
      PlanTopic plans,
      Engines engines,
      Sites sites,
      ReaderDesk readers) {
    this.status = new StatusTopic(kafka, worklist);
    SubscriptionController controller =
        new SubscriptionController(
            board, admin, plans, status, engines, sites, readers, worklist, Clock.systemUTC());
    worklist.begin(controller::reconcile);
    this.watching = board.watch(worklist::add);
    worklist.every(RESYNC, () -> controller.all().forEach(worklist::add));
    controller.all().forEach(worklist::add);
  }

  @Override
  public void close() throws Exception {
    watching.close();
    status.close();
    worklist.close();
  }
}
