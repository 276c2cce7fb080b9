package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.product.DataProductSpec;
import dev.millrace.catalog.document.Versions;
import dev.millrace.catalog.journal.ChangedMeanwhile;
import dev.millrace.catalog.problem.Refusal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be asked of a product, and what follows. */
sealed interface ProductCommand {

  /**
   * @param uid for the new product
   * @param owners topic to the product that has it
   * @param there the topic as the broker knows it
   * @param admin the caller may take over a topic that is there
   */
  record Register(
      ObjectKey key,
      DataProductSpec spec,
      String uid,
      Map<String, ObjectKey> owners,
      Optional<Broker.Topic> there,
      boolean admin)
      implements ProductCommand {}

  /**
   * @param uid of the product whose topic it is; another may have its name by now
   */
  record ConfirmTopic(String uid, String topicId) implements ProductCommand {}

  /**
   * @param checked the product that the new spec was checked against
   */
  record Change(DataProductSpec spec, Product checked, Versions versions)
      implements ProductCommand {}

  /**
   * @param users the subscriptions that name it
   */
  record Remove(ObjectKey key, Versions versions, Collection<ObjectKey> users)
      implements ProductCommand {}

  /**
   * Its topic could not be created.
   *
   * @param uid of the product; another may have its name by now
   */
  record GiveUp(String uid) implements ProductCommand {}

  /**
   * @throws Refusal when the answer is no
   */
  static List<ProductEvent> decide(Optional<Product> now, ProductCommand command) {
    return switch (command) {
      case Register register -> register(now, register);
      case ConfirmTopic confirm ->
          now.filter(product -> product.uid().equals(confirm.uid()) && product.topicId().isEmpty())
                  .isPresent()
              ? List.of(new ProductEvent.TopicReady(confirm.topicId()))
              : List.of();
      case Change change -> change(now, change);
      case Remove remove -> remove(now, remove);
      case GiveUp giveUp ->
          now.filter(product -> product.uid().equals(giveUp.uid())).isPresent()
              ? List.of(new ProductEvent.Removed("TopicRefused"))
              : List.of();
    };
  }

  static Refusal topicNeedsAdmin(String topic) {
    return new Refusal(
        403,
        "TopicNeedsAdmin",
        "the topic '" + topic + "' is there already, and its events may be someone's own",
        "Ask a platform admin to register it, or name a topic that is not there.");
  }

  private static List<ProductEvent> register(Optional<Product> now, Register register) {
    if (now.isPresent()) {
      throw new Refusal(
          409,
          "NameTaken",
          "the product '" + register.key() + "' is there already",
          "Choose another name, or PUT to change it.");
    }
    String topic = Product.topicOf(register.key(), register.spec());
    ObjectKey owner = register.owners().get(topic);
    if (owner != null) {
      throw new Refusal(
          409,
          "TopicTaken",
          "the topic '" + topic + "' belongs to the product '" + owner + "'",
          "Subscribe to that product, or name another topic.");
    }
    if (register.there().isPresent() && !register.admin()) {
      throw topicNeedsAdmin(topic);
    }
    ProductEvent.Registered registered =
        new ProductEvent.Registered(register.uid(), register.spec(), register.there().isPresent());
    return register
        .there()
        .<List<ProductEvent>>map(
            adopted -> List.of(registered, new ProductEvent.TopicReady(adopted.id())))
        .orElse(List.of(registered));
  }

  private static List<ProductEvent> change(Optional<Product> now, Change change) {
    change
        .versions()
        .check(now.map(p -> OptionalLong.of(p.generation())).orElse(OptionalLong.empty()));
    if (!now.filter(
            p ->
                p.uid().equals(change.checked().uid())
                    && p.generation() == change.checked().generation())
        .isPresent()) {
      throw ChangedMeanwhile.of(change.checked().key());
    }
    return change.checked().spec().equals(change.spec())
        ? List.of()
        : List.of(new ProductEvent.Changed(change.spec()));
  }

  private static List<ProductEvent> remove(Optional<Product> now, Remove remove) {
    if (now.isEmpty()) {
      throw Refusal.notFound("product", remove.key());
    }
    remove.versions().check(OptionalLong.of(now.get().generation()));
    if (!remove.users().isEmpty()) {
      throw new Refusal(
          409,
          "InUse",
          "subscriptions name this product: " + Refusal.abbreviated(remove.users().toString()),
          "Delete them first; GET /api/v1/subscriptions lists them.");
    }
    return List.of(new ProductEvent.Removed("Requested"));
  }
}
