package dev.millrace.catalog.product;

import dev.millrace.api.ObjectKey;
import java.util.Collection;

/** Who needs a product. */
public interface ProductUsers {

  /** The subscriptions that name it, those being deleted too. */
  Collection<ObjectKey> usersOf(ObjectKey product);
}
