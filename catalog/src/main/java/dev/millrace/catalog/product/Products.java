package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.journal.Journal;
import dev.millrace.catalog.journal.Ledger;
import dev.millrace.catalog.problem.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.SortedMap;

/** The view of all products. */
@Singleton
public final class Products {
  private final Ledger<Product, ProductEvent> ledger;

  @Inject
  Products(Journal journal) {
    this.ledger = new Ledger<>(journal, "product", ProductEvent.class, ProductEvent::after);
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

  Ledger<Product, ProductEvent> ledger() {
    return ledger;
  }
}
