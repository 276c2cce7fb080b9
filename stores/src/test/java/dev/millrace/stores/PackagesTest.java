package dev.millrace.stores;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages of stores: an engine can be added or deleted whole. */
@AnalyzeClasses(packages = "dev.millrace.stores", importOptions = DoNotIncludeTests.class)
class PackagesTest {

  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("credentials")
          .definedBy("..stores.credentials..")
          .layer("contracts")
          .definedBy("dev.millrace.stores")
          .layer("postgres")
          .definedBy("..stores.postgres..")
          .layer("redis")
          .definedBy("..stores.redis..")
          .whereLayer("credentials")
          .mayNotAccessAnyLayer()
          .whereLayer("contracts")
          .mayOnlyAccessLayers("credentials")
          .whereLayer("postgres")
          .mayOnlyAccessLayers("contracts", "credentials")
          .whereLayer("redis")
          .mayOnlyAccessLayers("contracts", "credentials");

  @ArchTest
  static final ArchRule ONLY_THE_DRIVER_IS_PUBLIC =
      classes()
          .that()
          .resideInAnyPackage("..stores.postgres..", "..stores.redis..")
          .and()
          .areTopLevelClasses()
          .and()
          .arePublic()
          .should()
          .haveSimpleNameEndingWith("Driver");
}
