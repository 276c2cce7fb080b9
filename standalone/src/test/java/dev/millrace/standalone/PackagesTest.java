package dev.millrace.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages of standalone. */
@AnalyzeClasses(packages = "dev.millrace.standalone", importOptions = DoNotIncludeTests.class)
class PackagesTest {

  @ArchTest
  static final ArchRule DEMO_USES_DOORS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..standalone.demo..",
              "..standalone.rows..",
              "..standalone.explain..",
              "..standalone.correct..",
              "..standalone.verify..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.millrace.catalog..",
              "dev.millrace.controller..",
              "dev.millrace.provisioner..",
              "dev.millrace.stores..",
              "dev.millrace.embedded..",
              "..standalone.controller..",
              "..standalone.server..")
          .because("they reach the platform as anyone does: by REST, Kafka and a reader's login");

  @ArchTest
  static final ArchRule CONTROLLER_IS_ON_ITS_OWN =
      noClasses()
          .that()
          .resideInAPackage("..standalone.controller..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.millrace.provisioner..", "dev.millrace.embedded..", "..standalone.server..");
}
