package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.problem.Finding;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.catalog.access.Caller;
import dev.millrace.catalog.document.Incoming;
import dev.millrace.catalog.document.Versions;
import dev.millrace.catalog.problem.Refusal;
import dev.millrace.needs.check.ProductCheck;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Registers products and changes them.
 *
 * <p>The journal comes first and the topic second: a registration claims its topic, creates it, and
 * confirms. What a crash leaves half done is a product without a confirmed topic, which {@link
 * TopicCompletion} completes; a topic without a product is never left.
 */
@Singleton
final class Registrations {
  /** The actor of what no caller asked for. */
  private static final String PLATFORM = "platform";

  private final Products products;
  private final Broker broker;
  private final ProductUsers users;
  private final Event<ProductChanged> changed;
  private final Set<ObjectKey> underWay = ConcurrentHashMap.newKeySet();

  @Inject
  Registrations(
      Products products, Broker broker, ProductUsers users, Event<ProductChanged> changed) {
    this.products = products;
    this.broker = broker;
    this.users = users;
    this.changed = changed;
  }

  /** A product that must not be there yet. */
  Product register(Incoming<DataProductSpec> incoming, Caller caller, boolean dryRun) {
    check(incoming, Optional.empty());
    ObjectKey key = incoming.key();
    Optional<Broker.Topic> there = broker.find(Product.topicOf(key, incoming.spec()));
    Supplier<ProductCommand> command =
        () ->
            new ProductCommand.Register(
                key,
                incoming.spec(),
                UUID.randomUUID().toString(),
                owners(),
                there,
                caller.admin());
    if (dryRun) {
      return products.tried(key, command.get());
    }
    boolean mine = underWay.add(key);
    try {
      Product registered = products.decide(key, caller.name(), command).orElseThrow();
      return registered.topicId().isPresent() ? registered : createTopic(registered, caller);
    } finally {
      if (mine) {
        underWay.remove(key);
      }
    }
  }

  /** A product that is there. */
  Product change(
      Product now,
      Incoming<DataProductSpec> incoming,
      Versions versions,
      Caller caller,
      boolean dryRun) {
    versions.check(OptionalLong.of(now.generation()));
    check(incoming, Optional.of(now.spec()));
    ProductCommand command = new ProductCommand.Change(incoming.spec(), now, versions);
    if (dryRun) {
      return products.tried(now.key(), command);
    }
    Product then = products.decide(now.key(), caller.name(), () -> command).orElseThrow();
    if (then.generation() != now.generation()) {
      changed.fire(new ProductChanged(now.key()));
    }
    return then;
  }

  void remove(ObjectKey key, Versions versions, Caller caller) {
    products.decide(
        key, caller.name(), () -> new ProductCommand.Remove(key, versions, users.usersOf(key)));
  }

  /** Products that wait for their topic, and nobody is just creating it. */
  List<Product> waiting() {
    return products.all().values().stream()
        .filter(product -> product.topicId().isEmpty() && !underWay.contains(product.key()))
        .toList();
  }

  /** A crash or a broker that was away left it without its topic. */
  void complete(Product waiting) {
    // It claimed the topic while there was none, so one that is there now is its own.
    createTopic(waiting, new Caller(PLATFORM, true));
  }

  private Product createTopic(Product product, Caller caller) {
    try {
      Optional<String> created =
          broker.create(
              product.topic(),
              ProductCheck.partitions(product.spec()),
              ProductCheck.retention(product.spec()));
      if (created.isEmpty() && !caller.admin()) {
        // Somebody made a topic of that name since we looked.
        giveUp(product, caller);
        throw ProductCommand.topicNeedsAdmin(product.topic());
      }
      Optional<String> id = created.or(() -> broker.find(product.topic()).map(Broker.Topic::id));
      return id.isPresent() ? confirm(product, id.get(), caller) : product;
    } catch (Broker.TopicRefused e) {
      giveUp(product, caller);
      throw Refusal.invalid(
          List.of(
              new Finding(
                  "/spec/topic",
                  "TopicRefused",
                  "Kafka does not take the topic: " + Refusal.abbreviated(e.getMessage()),
                  "Change name, partitions or retention.")));
    } catch (Broker.Unavailable away) {
      // Whether the topic is there now, nobody knows; TopicCompletion finds out.
      return product;
    }
  }

  private Product confirm(Product product, String topicId, Caller caller) {
    ProductCommand command = new ProductCommand.ConfirmTopic(product.uid(), topicId);
    return products.decide(product.key(), caller.name(), () -> command).orElse(product);
  }

  private void giveUp(Product product, Caller caller) {
    products.decide(product.key(), caller.name(), () -> new ProductCommand.GiveUp(product.uid()));
  }

  private static void check(Incoming<DataProductSpec> incoming, Optional<DataProductSpec> before) {
    List<Finding> findings = new ArrayList<>(incoming.findings());
    findings.addAll(ProductCheck.check(incoming.key(), incoming.spec(), before));
    if (!findings.isEmpty()) {
      throw Refusal.invalid(findings);
    }
  }

  private Map<String, ObjectKey> owners() {
    return products.all().values().stream()
        .collect(Collectors.toMap(Product::topic, Product::key, (one, other) -> one));
  }
}
