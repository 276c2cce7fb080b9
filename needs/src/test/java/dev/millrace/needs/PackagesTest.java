package dev.millrace.needs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages of needs, and that it stays pure. */
@AnalyzeClasses(packages = "dev.millrace.needs", importOptions = DoNotIncludeTests.class)
class PackagesTest {

  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("name")
          .definedBy("..needs.name..")
          .layer("event")
          .definedBy("..needs.event..")
          .layer("schema")
          .definedBy("..needs.schema..")
          .layer("column")
          .definedBy("..needs.column..")
          .layer("filter")
          .definedBy("..needs.filter..")
          .layer("check")
          .definedBy("..needs.check..")
          .layer("plan")
          .definedBy("..needs.plan..")
          .layer("transform")
          .definedBy("..needs.transform..")
          .layer("reconcile")
          .definedBy("..needs.reconcile..")
          .layer("explain")
          .definedBy("..needs.explain..")
          .whereLayer("explain")
          .mayOnlyAccessLayers("schema", "filter")
          .whereLayer("reconcile")
          .mayOnlyAccessLayers("plan", "check")
          .whereLayer("name")
          .mayNotAccessAnyLayer()
          .whereLayer("event")
          .mayNotAccessAnyLayer()
          .whereLayer("schema")
          .mayNotAccessAnyLayer()
          .whereLayer("column")
          .mayOnlyAccessLayers("schema")
          .whereLayer("filter")
          .mayOnlyAccessLayers("name", "event", "schema", "column")
          .whereLayer("check")
          .mayOnlyAccessLayers("name", "schema", "column", "filter")
          .whereLayer("plan")
          .mayOnlyAccessLayers("schema", "column", "check")
          .whereLayer("transform")
          .mayOnlyAccessLayers("event", "schema", "column", "filter", "plan");

  @ArchTest
  static final ArchRule PURE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..", "org.apache.kafka..", "java.sql..", "java.net..", "java.nio.file..")
          .because("what a need means is decided without I/O");
}
