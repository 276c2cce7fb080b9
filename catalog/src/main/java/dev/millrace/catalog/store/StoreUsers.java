package dev.millrace.catalog.store;

import dev.millrace.api.ObjectKey;
import java.util.List;

/** Who writes to a store. */
public interface StoreUsers {

  /** The subscriptions that write to it, those being deleted too. */
  List<ObjectKey> writersTo(ObjectKey store);
}
