package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.testcluster.Kstatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * What tools make of each combination of conditions: kstatus itself (helm, Flux), and the script
 * for Argo CD, by a Lua.
 */
class HealthIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int GENERATION = 3;
  private static final List<String> ABSENT_OR_ANY = List.of("", "True", "False", "Unknown");

  /**
   * @param observed generation; 0 for none
   */
  private record State(
      String kind,
      boolean deleted,
      int observed,
      String ready,
      String degraded,
      String stalled,
      String phase) {

    JsonNode object() {
      ObjectNode object = JSON.createObjectNode();
      object.put("apiVersion", "millrace.dev/v1alpha1").put("kind", kind);
      ObjectNode metadata = object.putObject("metadata");
      metadata.put("name", "orders").put("namespace", "team-risk").put("generation", GENERATION);
      if (deleted) {
        metadata.put("deletionTimestamp", "2026-11-27T10:00:00Z");
      }
      ObjectNode status = object.putObject("status");
      if (observed != 0) {
        status.put("observedGeneration", observed);
      }
      status.put("phase", phase);
      ArrayNode conditions = status.putArray("conditions");
      Map.of("Ready", ready, "Degraded", degraded, "Stalled", stalled)
          .forEach((type, value) -> {
            if (!value.isEmpty()) {
              conditions
                  .addObject()
                  .put("type", type)
                  .put("status", value)
                  .put("reason", "Because")
                  .put("message", "of " + type)
                  .put("observedGeneration", GENERATION);
            }
          });
      return object;
    }

    private boolean isLookedAt() {
      return observed == 0 || observed == GENERATION;
    }

    String forKstatus() {
      if (deleted) {
        return "Terminating";
      }
      if (!isLookedAt()) {
        return "InProgress";
      }
      if (stalled.equals("True")) {
        return "Failed";
      }
      return ready.equals("True") || ready.isEmpty() ? "Current" : "InProgress";
    }

    String forArgo() {
      if (deleted || !isLookedAt()) {
        return "Progressing";
      }
      if (stalled.equals("True") || degraded.equals("True")) {
        return "Degraded";
      }
      if (phase.equals("Paused")) {
        return "Suspended";
      }
      return ready.equals("True") ? "Healthy" : "Progressing";
    }
  }

  private static List<State> all() {
    List<State> all = new ArrayList<>();
    for (String kind : List.of("DataSubscription", "DataProduct", "Store")) {
      for (boolean deleted : List.of(false, true)) {
        for (int observed : List.of(0, -1, GENERATION - 1, GENERATION)) {
          for (String ready : ABSENT_OR_ANY) {
            for (String degraded : ABSENT_OR_ANY) {
              for (String stalled : ABSENT_OR_ANY) {
                for (String phase : List.of("Live", "Paused")) {
                  all.add(new State(kind, deleted, observed, ready, degraded, stalled, phase));
                }
              }
            }
          }
        }
      }
    }
    return all;
  }

  @Test
  void kstatusTellsEachCombination() throws Exception {
    List<State> all = all();

    List<String> told = Kstatus.of(all.stream().map(state -> state.object().toString()).toList());

    assertThat(told).hasSameSizeAs(all);
    assertThat(told).isEqualTo(all.stream().map(State::forKstatus).toList());
  }

  @Test
  void argoTellsEachCombination() throws Exception {
    List<State> all = all();

    assertThat(all.stream().map(state -> health(state.object())).toList())
        .isEqualTo(all.stream().map(State::forArgo).toList());
  }

  @Test
  void whatHasNoStatusYetIsWaitedForUnlessItNeedsNone() throws Exception {
    assertThat(health(bare("DataSubscription"))).isEqualTo("Progressing");
    assertThat(health(bare("DataProduct"))).isEqualTo("Progressing");
    assertThat(health(bare("Store"))).isEqualTo("Healthy");
  }

  private static JsonNode bare(String kind) {
    ObjectNode object = JSON.createObjectNode().put("kind", kind);
    object.putObject("metadata").put("generation", 1);
    return object;
  }

  /** As Argo CD runs the script. */
  private static String health(JsonNode object) {
    Globals lua = JsePlatform.standardGlobals();
    lua.set("obj", value(object));
    return lua.load(
            SCRIPTS
                .path("resource.customizations.health.millrace.dev_" + object.path("kind").asText())
                .asText())
        .call()
        .get("status")
        .tojstring();
  }

  private static final JsonNode SCRIPTS = scripts();

  private static JsonNode scripts() {
    try {
      return Serialization.unmarshal(
              Files.readString(Path.of("..", "helm", "argocd.yaml")), JsonNode.class)
          .path("data");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LuaValue value(JsonNode node) {
    if (node.isObject()) {
      LuaTable table = new LuaTable();
      node.properties().forEach(each -> table.set(each.getKey(), value(each.getValue())));
      return table;
    }
    if (node.isArray()) {
      LuaTable table = new LuaTable();
      for (int i = 0; i < node.size(); i++) {
        table.set(i + 1, value(node.get(i)));
      }
      return table;
    }
    return node.isNumber() ? LuaValue.valueOf(node.asInt()) : LuaValue.valueOf(node.asText());
  }
}
