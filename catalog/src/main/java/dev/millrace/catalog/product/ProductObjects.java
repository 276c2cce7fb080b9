package dev.millrace.catalog.product;

import dev.millrace.api.Metadata;
import dev.millrace.api.Resource;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.api.product.DataProductStatus;
import dev.millrace.api.status.Condition;
import dev.millrace.catalog.CatalogConfig;
import dev.millrace.catalog.document.Origin;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Products as people see them. */
@Singleton
final class ProductObjects {
  static final String KIND = "DataProduct";

  private final TopicFigures figures;
  private final Products products;
  private final String origin;

  @Inject
  ProductObjects(TopicFigures figures, Products products, CatalogConfig config) {
    this.figures = figures;
    this.products = products;
    this.origin = Origin.of(config);
  }

  Resource<DataProductSpec, DataProductStatus> of(Product product) {
    return of(List.of(product)).get(0);
  }

  /** All at once, for the broker is asked for all their topics. */
  List<Resource<DataProductSpec, DataProductStatus>> of(Collection<Product> products) {
    figures.refresh(products.stream().map(Product::topic).toList());
    return products.stream().map(this::object).toList();
  }

  private Resource<DataProductSpec, DataProductStatus> object(Product product) {
    return new Resource<>(
        Resource.API_VERSION,
        KIND,
        new Metadata(
            product.key().name(),
            product.key().tenant(),
            product.uid(),
            product.generation(),
            origin,
            product.created(),
            null),
        product.spec(),
        status(product, figures.of(product.topic())));
  }

  private DataProductStatus status(Product product, Optional<TopicFigures.Figure> figure) {
    Optional<DataProductStatus> reported = products.reported(product.key());
    return new DataProductStatus(
        product.topic(),
        product.topicId().orElse(null),
        figure.flatMap(TopicFigures.Figure::topic).map(Broker.Topic::partitions).orElse(null),
        figure.map(TopicFigures.Figure::events).orElse(null),
        reported
            .map(DataProductStatus::schemaVersion)
            .orElseGet(() -> "1." + product.schemaRevision()),
        reported
            .map(DataProductStatus::conditions)
            .orElseGet(() -> List.of(ready(product, figure))));
  }

  private static Condition ready(Product product, Optional<TopicFigures.Figure> figure) {
    if (product.topicId().isEmpty()) {
      return condition(product, "False", "TopicPending", "The topic is being created.");
    }
    if (figure.isEmpty()) {
      return condition(
          product, "Unknown", "KafkaUnavailable", "The event store does not answer just now.");
    }
    Optional<Broker.Topic> topic = figure.get().topic();
    if (topic.isEmpty()) {
      return condition(
          product,
          "False",
          "TopicMissing",
          "The topic " + product.topic() + " is not there any more: its events are lost.");
    }
    if (!topic.get().id().equals(product.topicId().get())) {
      return condition(
          product,
          "False",
          "TopicRecreated",
          "The topic " + product.topic() + " was deleted and made anew: its events are others.");
    }
    return condition(product, "True", "TopicReady", "Events can be published and read.");
  }

  private static Condition condition(
      Product product, String status, String reason, String message) {
    return new Condition(
        Condition.Types.READY, status, reason, message, product.generation(), product.created());
  }
}
