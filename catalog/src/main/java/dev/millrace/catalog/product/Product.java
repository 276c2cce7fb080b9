package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductSpec;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A product as the journal tells it.
 *
 * @param uid never reused, unlike the name
 * @param generation counts changes of spec, from 1
 * @param schemaRevision counts changes of schema, from 0
 * @param topicId the broker's id of its topic; empty while the topic is being created
 * @param adopted the topic was there before the product
 */
public record Product(
    ObjectKey key,
    String uid,
    long generation,
    int schemaRevision,
    DataProductSpec spec,
    Optional<String> topicId,
    boolean adopted,
    Instant created) {

  /** The Kafka topic. */
  public String topic() {
    return topicOf(key, spec);
  }

  static String topicOf(ObjectKey key, DataProductSpec spec) {
    return spec.topic() == null || spec.topic().name() == null
        ? key.tenant() + "." + key.name()
        : spec.topic().name();
  }

  Product with(DataProductSpec changed) {
    boolean sameSchema = Objects.equals(spec.schema(), changed.schema());
    return new Product(
        key,
        uid,
        generation + 1,
        sameSchema ? schemaRevision : schemaRevision + 1,
        changed,
        topicId,
        adopted,
        created);
  }

  Product withTopic(String id) {
    return new Product(
        key, uid, generation, schemaRevision, spec, Optional.of(id), adopted, created);
  }
}
