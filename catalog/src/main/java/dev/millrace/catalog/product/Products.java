package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductStatus;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.journal.LastReports;
import dev.millrace.catalog.journal.Ledger;
import dev.millrace.catalog.problem.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/** The view of all products. */
@Singleton
public final class Products {
  private final Ledger<Product, ProductEvent> ledger;
  private final LastReports<DataProductStatus> reports;

  @Inject
  Products(Journal journal) {
    this.ledger = new Ledger<>(journal, "product", ProductEvent.class, ProductEvent::after);
    this.reports = journal.reports("product", DataProductStatus.class);
  }

  public Optional<Product> find(ObjectKey key) {
    return ledger.find(key);
  }

  /**
   * @throws Refusal 404
   */
  public Product get(ObjectKey key) {
    return find(key).orElseThrow(() -> Refusal.notFound("product", key));
  }

  public SortedMap<ObjectKey, Product> all() {
    return ledger.all();
  }

  /**
   * As whoever keeps it says.
   *
   * @param status what is reported of it there; empty while nothing is
   */
  public void show(Product product, Optional<DataProductStatus> status) {
    ledger.show(product.key(), Optional.of(product));
    status.ifPresentOrElse(
        given -> reports.put(product.key(), given), () -> reports.forget(product.key()));
  }

  /** It has gone from where it is kept. */
  public void gone(ObjectKey key) {
    ledger.show(key, Optional.empty());
    reports.forget(key);
  }

  /** Of one that is kept elsewhere: what is reported of it there. */
  Optional<DataProductStatus> reported(ObjectKey key) {
    return reports.find(key);
  }

  /** Decides and writes down; the state afterwards, empty when it has gone. */
  Optional<Product> decide(ObjectKey key, String actor, Supplier<ProductCommand> command) {
    return ledger.decide(key, actor, now -> ProductCommand.decide(now, command.get()));
  }

  /** As {@link #decide} would leave it, with nothing written down. */
  Product tried(ObjectKey key, ProductCommand command) {
    Optional<Product> product = find(key);
    for (ProductEvent event : ProductCommand.decide(product, command)) {
      product = ProductEvent.after(product, key, event, Instant.now());
    }
    return product.orElseThrow();
  }
}
