package dev.millrace.image;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all Pods tell of themselves, as a Prometheus would collect it.
 *
 * @param lines with the types of all
 */
record Metrics(List<String> lines) {
  private static final Pattern ASKED = Pattern.compile("\\bmillrace_[a-z_]+");

  static Metrics of(KubernetesClient client) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Pod pod :
          client
              .pods()
              .inAnyNamespace()
              .withLabel("app.kubernetes.io/name", "millrace")
              .list()
              .getItems()) {
        int port = pod.getSpec().getContainers().get(0).getPorts().get(0).getContainerPort();
        URI uri = URI.create("http://" + pod.getStatus().getPodIP() + ":" + port + "/q/metrics");
        HttpResponse<Stream<String>> answer =
            http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines());
        answer.body().forEach(lines::add);
      }
    }
    return new Metrics(lines);
  }

  /** The names of our metrics in a file; a name with {@code _total} is one, too. */
  static Set<String> askedFor(Path file) throws IOException {
    Matcher found = ASKED.matcher(Files.readString(file));
    return found.results().map(each -> each.group()).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those too of which there is nothing to tell now. */
  Set<String> names() {
    return lines.stream()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" "))
        .map(type ->
            type[3].equals("counter") && !type[2].endsWith("_total") ? type[2] + "_total" : type[2])
        .collect(Collectors.toSet());
  }

  double sum(String name, String... labels) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
