package dev.millrace.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What service accounts may do by the chart's roles, and what they did by the API server's audit
 * log. A right is a line: account, verb, group/resource, and the namespace of the role or {@code
 * *}.
 */
final class Rights {
  /** Used only when something comes in between, or for what the journey has none of. */
  private static final Set<String> SELDOM =
      Set.of(
          // The SDK looks again when its change of a finalizer met another's.
          "millrace-system:millrace-operator get millrace.dev/dataproducts in *",
          "millrace-system:millrace-operator get millrace.dev/datasubscriptions in *",
          "millrace-system:millrace-operator get millrace.dev/stores in *",
          // A plan came before the watch told of its login.
          "millrace-workers:millrace-worker get /secrets in millrace-workers");

  private static final String PREFIX = "system:serviceaccount:";

  private final Set<String> granted = new TreeSet<>();
  private final Set<String> used = new TreeSet<>();
  private final List<JsonNode> refused = new ArrayList<>();

  private Rights() {}

  static Rights of(Installation installation) throws IOException {
    Rights rights = new Rights();
    rights.grants(installation.client());
    requests(installation.server().audit()).forEach(rights::use);
    return rights;
  }

  /** What service accounts asked for, as an API server's audit log has it. */
  static List<JsonNode> requests(Path audit) throws IOException {
    // The last line may be half there: Leases are renewed all the time.
    String log = Files.readString(audit);
    List<JsonNode> requests = new ArrayList<>();
    for (String line : log.substring(0, log.lastIndexOf('\n')).split("\n")) {
      requests.add(new ObjectMapper().readTree(line));
    }
    return requests;
  }

  private void grants(KubernetesClient client) {
    Map<String, String> ours = Map.of("app.kubernetes.io/instance", "millrace");
    client
        .rbac()
        .clusterRoleBindings()
        .withLabels(ours)
        .list()
        .getItems()
        .forEach(binding ->
            grant(
                binding.getSubjects(),
                client
                    .rbac()
                    .clusterRoles()
                    .withName(binding.getRoleRef().getName())
                    .get()
                    .getRules(),
                "*"));
    client
        .rbac()
        .roleBindings()
        .inAnyNamespace()
        .withLabels(ours)
        .list()
        .getItems()
        .forEach(binding ->
            grant(
                binding.getSubjects(),
                rules(client, binding.getMetadata().getNamespace(), binding.getRoleRef()),
                binding.getMetadata().getNamespace()));
  }

  private static List<PolicyRule> rules(KubernetesClient client, String namespace, RoleRef role) {
    return client.rbac().roles().inNamespace(namespace).withName(role.getName()).get().getRules();
  }

  private void grant(List<Subject> subjects, List<PolicyRule> rules, String where) {
    for (Subject subject : subjects) {
      for (PolicyRule rule : rules) {
        for (String group : rule.getApiGroups()) {
          for (String resource : rule.getResources()) {
            for (String verb : rule.getVerbs()) {
              granted.add(
                  line(
                      subject.getNamespace() + ":" + subject.getName(),
                      verb,
                      group,
                      resource,
                      where));
            }
          }
        }
      }
    }
  }

  private void use(JsonNode request) {
    String user = request.path("user").path("username").asText();
    JsonNode object = request.path("objectRef");
    if (!user.startsWith(PREFIX) || object.isMissingNode()) {
      return;
    }
    String account = user.substring(PREFIX.length());
    String resource = object.path("resource").asText();
    if (object.hasNonNull("subresource")) {
      resource += "/" + object.path("subresource").asText();
    }
    String group = object.path("apiGroup").asText("");
    String verb = request.path("verb").asText();
    int code = request.path("responseStatus").path("code").asInt();
    // Admission refuses with 403, too: nothing is made in a namespace that goes.
    if (request
        .path("annotations")
        .path("authorization.k8s.io/decision")
        .asText()
        .equals("forbid")) {
      refused.add(request);
      return;
    }
    String namespace = object.path("namespace").asText("");
    use(account, verb, group, resource, namespace);
    if (verb.equals("patch") && code == 201) {
      use(account, "create", group, resource, namespace);
    }
  }

  /** By the nearest role that permits it. */
  private void use(String account, String verb, String group, String resource, String namespace) {
    String here = line(account, verb, group, resource, namespace);
    used.add(granted.contains(here) ? here : line(account, verb, group, resource, "*"));
  }

  private static String line(
      String account, String verb, String group, String resource, String where) {
    return account + " " + verb + " " + group + "/" + resource + " in " + where;
  }

  /** What was asked for and not permitted, but from then until then, as the log has it. */
  List<String> refusedBut(Instant from, Instant until) {
    return refused.stream()
        .filter(each -> {
          Instant at = Instant.parse(each.path("requestReceivedTimestamp").asText());
          return at.isBefore(from) || at.isAfter(until);
        })
        .map(JsonNode::toString)
        .toList();
  }

  Set<String> used() {
    return used;
  }

  /** Permitted, and nobody did it, nor is it for a case that seldom comes. */
  Set<String> unused() {
    Set<String> unused = new TreeSet<>(granted);
    unused.removeAll(used);
    unused.removeAll(SELDOM);
    return unused;
  }
}
