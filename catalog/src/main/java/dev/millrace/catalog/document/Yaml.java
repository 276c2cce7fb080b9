package dev.millrace.catalog.document;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;

/** YAML as Millrace reads it: plain data, one document, no references. */
final class Yaml {
  private static final int DEEPEST = 100;

  private Yaml() {}

  /** As {@link dev.millrace.api.Json#STRICT} reads JSON. */
  static ObjectMapper mapper(DeserializationProblemHandler handler) {
    return YAMLMapper.builder(
            YAMLFactory.builder()
                .loaderOptions(options())
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build())
        .addModule(new JavaTimeModule())
        .addModule(new Jdk8Module())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .addHandler(handler)
        .build();
  }

  /**
   * Anchors and aliases make small texts large and are not needed here; a second document would be
   * passed over silently.
   */
  static void refuseTricks(String text) {
    int documents = 0;
    int depth = 0;
    try {
      for (Event event :
          new org.yaml.snakeyaml.Yaml(options()).parse(new java.io.StringReader(text))) {
        if (event instanceof AliasEvent
            || (event instanceof NodeEvent node && node.getAnchor() != null)) {
          throw at(event.getStartMark(), "anchors and aliases are not taken: write it out");
        }
        if (event instanceof DocumentStartEvent && ++documents > 1) {
          throw at(event.getStartMark(), "there is more than one document");
        }
        depth +=
            event instanceof CollectionStartEvent
                ? 1
                : event instanceof CollectionEndEvent ? -1 : 0;
        if (depth > DEEPEST) {
          throw at(event.getStartMark(), "it is nested deeper than " + DEEPEST);
        }
      }
    } catch (MarkedYAMLException e) {
      throw at(e.getProblemMark(), String.valueOf(e.getProblem()));
    } catch (YAMLException e) {
      throw at(null, "it is no YAML");
    }
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(DEEPEST + 1);
    return options;
  }

  private static RuntimeException at(@org.jspecify.annotations.Nullable Mark mark, String what) {
    return Documents.malformed(
        what,
        Optional.ofNullable(mark)
            .map(m ->
                new JsonLocation(
                    ContentReference.unknown(), -1, m.getLine() + 1, m.getColumn() + 1)));
  }
}
