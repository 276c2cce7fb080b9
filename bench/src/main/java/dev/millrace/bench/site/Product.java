package dev.millrace.bench.site;

import dev.millrace.bench.workload.Form;
import dev.millrace.bench.workload.Keys;

/**
 * A product of bids, as it is registered.
 *
 * @param insertOnly whether it says that each key comes once
 */
public record Product(String name, boolean insertOnly, int partitions, Form form, Keys keys) {
  private static final int USUAL_PARTITIONS = 4;

  /** Of four partitions, bids as Nexmark has them, each with a key of its own. */
  public static Product of(String name, boolean insertOnly) {
    return new Product(name, insertOnly, USUAL_PARTITIONS, Form.BID, Keys.OWN);
  }

  public Product withPartitions(int count) {
    return new Product(name, insertOnly, count, form, keys);
  }

  public Product withForm(Form other) {
    return new Product(name, insertOnly, partitions, other, keys);
  }

  public Product withKeys(Keys other) {
    return new Product(name, insertOnly, partitions, form, other);
  }

  String yaml() {
    String head =
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataProduct
        metadata: {name: %s}
        spec:
          description: Bids at auctions
          owner: bench@example.com
          key: id
          insertOnly: %s
          topic: {partitions: %d}
          schema:
            type: object
        """
            .formatted(name, insertOnly, partitions);
    return head + form.schema().indent(4);
  }
}
