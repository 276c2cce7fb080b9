package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductSpec;
import java.time.Instant;
import java.util.Optional;

/** What can happen to a product. */
sealed interface ProductEvent {

  /**
   * @param adopts the topic was there already
   */
  record Registered(String uid, DataProductSpec spec, boolean adopts) implements ProductEvent {}

  /** The topic is there; before this the product waits for it. */
  record TopicReady(String topicId) implements ProductEvent {}

  record Changed(DataProductSpec spec) implements ProductEvent {}

  /**
   * @param because Requested, or TopicRefused when its topic could not be created
   */
  record Removed(String because) implements ProductEvent {}

  static Optional<Product> after(
      Optional<Product> before, ObjectKey key, ProductEvent event, Instant at) {
    return switch (event) {
      case Registered e ->
          Optional.of(new Product(key, e.uid(), 1, 0, e.spec(), Optional.empty(), e.adopts(), at));
      case TopicReady e -> before.map(product -> product.withTopic(e.topicId()));
      case Changed e -> before.map(product -> product.with(e.spec()));
      case Removed e -> Optional.empty();
    };
  }
}
