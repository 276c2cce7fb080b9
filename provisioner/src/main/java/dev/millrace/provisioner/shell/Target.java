package dev.millrace.provisioner.shell;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.Content;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Engines;
import dev.millrace.stores.Sink;
import dev.millrace.stores.StoreDriver;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.CredentialSource;
import dev.millrace.stores.credentials.Credentials;
import java.util.List;
import java.util.Optional;

/** The store of a plan, as its writer reaches it. */
public record Target(StoreDriver driver, StoreSite site, PipelinePlan plan) {

  /**
   * @throws StoreProblem EngineUnknown or CredentialsMissing
   */
  public static Target of(PipelinePlan plan, Engines engines, CredentialSource credentials)
      throws StoreProblem {
    return new Target(driver(plan.target(), engines), site(plan.target(), credentials), plan);
  }

  static Target of(PipelinePlan plan, Equipment equipment) throws StoreProblem {
    return of(plan, equipment.engines(), equipment.credentials());
  }

  Sink sink(String worker) throws StoreProblem {
    return driver.sink(site, plan, worker);
  }

  List<Cursor> cursors() throws StoreProblem {
    return driver.cursors(site, plan);
  }

  public Content content() throws StoreProblem {
    return driver.content(site, plan);
  }

  private static StoreDriver driver(PipelinePlan.Target target, Engines engines)
      throws StoreProblem {
    Optional<StoreDriver> driver = engines.driver(target.engine());
    if (driver.isEmpty()) {
      throw new StoreProblem(
          "EngineUnknown",
          "This worker has no engine " + target.engine() + ", only " + engines.names(),
          "Bring the workers to the controller's version.",
          false);
    }
    return driver.get();
  }

  private static StoreSite site(PipelinePlan.Target target, CredentialSource credentials)
      throws StoreProblem {
    Optional<Credentials> writer = credentials.credentials(target.writer());
    if (writer.isEmpty()) {
      throw new StoreProblem(
          "CredentialsMissing",
          "The worker has no login under " + target.writer(),
          "Give the worker the same credentials as the controller; it looks again by itself.",
          false);
    }
    return new StoreSite(
        target.store(),
        target.engine(),
        target.host(),
        target.port(),
        target.database(),
        target.tls(),
        Optional.empty(),
        writer.get());
  }
}
