package dev.millrace.operator;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the packages of the operator: one for each kind, which do not see each other.
 */
@AnalyzeClasses(packages = "dev.millrace.operator", importOptions = DoNotIncludeTests.class)
class PackagesTest {

  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("kind")
          .definedBy("..operator.kind..")
          .layer("cluster")
          .definedBy("..operator.cluster..")
          .layer("debt")
          .definedBy("..operator.debt..")
          .layer("pool")
          .definedBy("..operator.pool..")
          .layer("product")
          .definedBy("..operator.product..")
          .layer("store")
          .definedBy("..operator.store..")
          .layer("subscription")
          .definedBy("..operator.subscription..")
          .whereLayer("kind")
          .mayNotAccessAnyLayer()
          .whereLayer("cluster")
          .mayOnlyAccessLayers("kind")
          .whereLayer("debt")
          .mayOnlyAccessLayers("kind", "cluster")
          .whereLayer("pool")
          .mayNotAccessAnyLayer()
          .whereLayer("product")
          .mayOnlyAccessLayers("kind", "cluster")
          .whereLayer("store")
          .mayOnlyAccessLayers("kind", "cluster")
          .whereLayer("subscription")
          .mayOnlyAccessLayers("kind", "cluster", "store", "debt");
}
