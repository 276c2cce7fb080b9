package dev.millrace.provisioner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the packages of the worker may see. */
@AnalyzeClasses(packages = "dev.millrace.provisioner", importOptions = DoNotIncludeTests.class)
class PackagesTest {

  /** So that a simulator runs the same code: no thread, no clock, no chance, no socket, no file. */
  @ArchTest
  static final ArchRule THE_CORE_DECIDES_AND_DOES_NOTHING =
      noClasses()
          .that()
          .resideInAPackage("..provisioner.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.concurrent..",
              "java.io..",
              "java.net..",
              "java.nio..",
              "java.sql..",
              "org.apache.kafka.clients.producer..",
              "org.apache.kafka.clients.admin..",
              "org.jboss.logging..",
              "..provisioner.shell..",
              "..provisioner.verify..",
              "..provisioner.question..");

  @ArchTest
  static final ArchRule THE_CORE_KNOWS_NO_THREAD_AND_NO_CLOCK =
      noClasses()
          .that()
          .resideInAPackage("..provisioner.core..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.apache.kafka.clients.consumer.Consumer")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(java.time.Instant.class, "now");
}
