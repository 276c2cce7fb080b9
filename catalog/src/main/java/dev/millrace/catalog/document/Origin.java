package dev.millrace.catalog.document;

import dev.millrace.catalog.CatalogConfig;

/** Where specs are changed, as {@code metadata.origin} says it. */
public final class Origin {
  private Origin() {}

  /** {@code catalog}, or {@code kubernetes} where nothing is changed through the catalog. */
  public static String of(CatalogConfig config) {
    return config.readOnly() ? "kubernetes" : "catalog";
  }
}
