package dev.millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.testcluster.ApiServer;
import dev.millrace.testcluster.Helm;
import dev.millrace.testcluster.Kubectl;
import dev.millrace.testcluster.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The chart by the real helm, on a real API server; nothing of it runs here. */
class ChartIT {
  private static final Path HELM = Path.of("..", "helm");
  private static final String CHART = HELM.toString();
  private static final String KAFKA = "--set=kafka.bootstrapServers=kafka:9092";

  private static ApiServer server;
  private static Helm helm;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws Exception {
    server = ApiServer.start();
    helm = new Helm(server, ApiServer.ADMIN);
    kubectl = new Kubectl(server, ApiServer.ADMIN);
    for (String namespace :
        List.of(
            "millrace-system",
            "millrace-workers",
            "millrace-stores",
            "data-workers",
            "data-stores",
            "sales",
            "team-risk")) {
      well(kubectl.run("", "create", "namespace", namespace));
    }
    Path others = Path.of("src", "test", "resources", "definitions-of-others.yaml");
    well(kubectl.run("", "apply", "-f", others.toString()));
    well(
        kubectl.run(
            "", "wait", "--for=condition=Established", "-f", others.toString(), "--timeout=30s"));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String well(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.text()).isZero();
    return outcome.text();
  }

  private static Outcome helm(String... arguments) throws IOException, InterruptedException {
    return helm.run("", arguments);
  }

  /** The ways to install it: without a file, and by each file. */
  private static List<List<String>> ways() throws IOException {
    List<List<String>> ways = new ArrayList<>();
    ways.add(List.of(KAFKA));
    ways.add(List.of(KAFKA, "--set=kafka.properties=security.protocol=PLAINTEXT"));
    ways.add(
        List.of(
            KAFKA,
            "--set=catalog.hosts={millrace.example.com}",
            "--set=catalog.gateway.enabled=true",
            "--set=catalog.gateway.parentRefs[0].name=public"));
    try (Stream<Path> files = Files.list(HELM.resolve("installations"))) {
      files.sorted().forEach(file -> ways.add(List.of(KAFKA, "--values=" + file)));
    }
    assertThat(ways).hasSizeGreaterThan(5);
    return ways;
  }

  private static String[] command(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toArray(String[]::new);
  }

  @Test
  void itIsStrictlyLinted() throws Exception {
    for (List<String> way : ways()) {
      well(helm(command(List.of("lint", "--strict", CHART), way)));
    }
  }

  @Test
  void eachObjectIsAcceptedByTheApiServer() throws Exception {
    well(
        kubectl.run(
            "",
            "apply",
            "--server-side",
            "--dry-run=server",
            "-f",
            HELM.resolve("crds").toString()));
    for (List<String> way : ways()) {
      String rendered =
          well(
              helm(
                  command(
                      List.of("template", "millrace", CHART, "--namespace=millrace-system"), way)));

      String accepted =
          well(kubectl.run(rendered, "apply", "--server-side", "--dry-run=server", "-f", "-"));

      assertThat(accepted.lines().count())
          .as(accepted)
          .isEqualTo(rendered.lines().filter(line -> line.startsWith("kind: ")).count());
    }
  }

  /** The API server warns of what its restricted standard for Pods would refuse. */
  @Test
  void podsAreRestricted() throws Exception {
    well(
        kubectl.run(
            "",
            "label",
            "namespace",
            "millrace-system",
            "data-workers",
            "pod-security.kubernetes.io/warn=restricted"));
    String rendered =
        well(
            helm(
                "template",
                "millrace",
                CHART,
                KAFKA,
                "--namespace=millrace-system",
                "--set=workers.namespace=data-workers"));

    assertThat(well(kubectl.run(rendered, "apply", "--server-side", "--dry-run=server", "-f", "-")))
        .doesNotContainIgnoringCase("warning");
  }

  @Test
  void wrongValuesAreRefusedInClearWords() throws Exception {
    List<String> cases =
        Files.readAllLines(Path.of("src", "test", "resources", "wrong-values.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(20);
    SoftAssertions all = new SoftAssertions();
    for (String each : cases) {
      String[] parts = each.split(" +~ ", 2);
      Outcome outcome =
          helm(
              command(
                  List.of("template", "millrace", CHART, KAFKA),
                  Arrays.asList(parts[0].split(" "))));

      all.assertThat(outcome.code()).as(each).isNotZero();
      all.assertThat(outcome.text()).contains(parts[1]);
    }
    all.assertAll();
  }

  @Test
  void itIsUpgradedAndRolledBack() throws Exception {
    String namespace = "--namespace=millrace-system";
    List<String> values =
        List.of(
            namespace,
            KAFKA,
            "--set=workers.createNamespace=false",
            "--set=stores.createNamespace=false");
    well(helm(command(List.of("install", "millrace", CHART), values)));
    assertThat(workers()).isEqualTo("2");

    well(helm(command(List.of("upgrade", "millrace", CHART, "--set=workers.replicas=5"), values)));
    assertThat(workers()).isEqualTo("5");

    well(helm("rollback", "millrace", "1", namespace));
    assertThat(workers()).isEqualTo("2");

    // Nothing runs here that could say whether it may go.
    well(helm("uninstall", "millrace", namespace, "--no-hooks"));
    assertThat(well(kubectl.run("", "get", "deployments", "-A"))).contains("No resources found");
    assertThat(well(kubectl.run("", "get", "crds", "-o", "name")))
        .as("what people applied stays, until they take the definitions away")
        .contains("datasubscriptions.millrace.dev");
  }

  private static String workers() throws IOException, InterruptedException {
    return well(
        kubectl.run(
            "",
            "get",
            "deployment",
            "millrace-workers",
            "--namespace=millrace-workers",
            "-o",
            "jsonpath={.spec.replicas}"));
  }
}
