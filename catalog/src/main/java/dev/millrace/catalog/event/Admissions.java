package dev.millrace.catalog.event;

import dev.millrace.api.ObjectKey;
import dev.millrace.catalog.product.Product;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The compiled admission of each product, made anew for each generation. */
@Singleton
final class Admissions {
  private final Map<ObjectKey, Compiled> compiled = new ConcurrentHashMap<>();

  private record Compiled(String uid, long generation, Admission admission) {
    boolean isOf(Product product) {
      return uid.equals(product.uid()) && generation == product.generation();
    }
  }

  Admission of(Product product) throws SchemaUnusable {
    Compiled known = compiled.get(product.key());
    if (known == null || !known.isOf(product)) {
      known =
          new Compiled(
              product.uid(), product.generation(), Admission.to(product.topic(), product.spec()));
      compiled.put(product.key(), known);
    }
    return known.admission();
  }
}
