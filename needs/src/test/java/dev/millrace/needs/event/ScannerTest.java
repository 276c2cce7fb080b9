package dev.millrace.needs.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the scanner accepts, the tree reader must accept with the same values. That it accepts the
 * usual is a matter of speed, and checked as well.
 */
class ScannerTest {
  private static final int EVENTS = Integer.getInteger("millrace.events", 300_000);

  @Test
  void whateverIsDoneToAnEventTheScannerNeverSaysOtherThanTheTree() {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    System.out.println("ScannerTest: -Dmillrace.seed=" + seed);
    Random random = new Random(seed);
    int indexed = 0;
    for (int i = 0; i < EVENTS; i++) {
      byte[] event = RandomEvents.spoilt(RandomEvents.event(random), random);
      indexed += agrees(event, "seed " + seed) ? 1 : 0;
    }
    assertThat(indexed).isGreaterThan(EVENTS / 4);
  }

  /** After some alike, names are taken for known; another event of that kind may still be wrong. */
  @Test
  void anEventThatLeavesTheLayoutOfThoseBeforeIsLookedAtAsCloselyAsAny() {
    long seed = Long.getLong("millrace.seed", System.nanoTime());
    System.out.println("ScannerTest: -Dmillrace.seed=" + seed);
    Random random = new Random(seed);
    int indexed = 0;
    for (int i = 0; i < EVENTS / 100; i++) {
      byte[] event = RandomEvents.event(random);
      for (int k = 0; k < 6; k++) {
        agrees(event, "seed " + seed);
      }
      for (int k = 0; k < 40; k++) {
        byte[] other =
            k % 2 == 0 ? RandomEvents.renamed(event, random) : RandomEvents.spoilt(event, random);
        indexed += agrees(other, "seed " + seed) ? 1 : 0;
      }
    }
    assertThat(indexed).isGreaterThan(EVENTS / 10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"b\":{\"c\":1,\"d\":2},\"a\":3}",
        "{\"a\":1,\"b\":{\"c\":1,\"c\":2},\"e\":3}",
        "{\"a\":1,\"b\":{\"c\":1,\"d\":2},\"b\":3}",
        "{\"a\":1,\"b\":{\"c\":1,\"x\":2,\"c\":2},\"e\":3}",
        "{\"a\":1,\"b\":{\"c\":1,\"x\":2},\"b\":2}",
      })
  void aNameThatStandsTwiceIsFoundBehindKnownOnes(String event) {
    byte[] known = "{\"a\":1,\"b\":{\"c\":1,\"d\":2},\"e\":3}".getBytes();
    for (int i = 0; i < 6; i++) {
      assertThat(agrees(known, "known")).isTrue();
    }
    assertThat(agrees(event.getBytes(), event)).isFalse();
    assertThat(agrees(event.replace("\"a\":3", "\"f\":3").getBytes(), event))
        .isEqualTo(event.contains("\"a\":3"));
  }

  @Test
  void aNameIsOnlyKnownInItsOwnObject() {
    byte[] known = "{\"a\":1,\"b\":{\"a\":2}}".getBytes();
    for (int i = 0; i < 6; i++) {
      assertThat(agrees(known, "known")).isTrue();
    }
    assertThat(agrees("{\"a\":1,\"b\":2,\"a\":3}".getBytes(), "flat")).isFalse();
    assertThat(agrees("{\"a\":1,\"b\":{\"a\":2,\"a\":3}}".getBytes(), "deep")).isFalse();
  }

  /** Jackson takes some of these for characters; a String of Java's does not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "C080",
        "C1BF",
        "C3",
        "C322",
        "E08080",
        "E282",
        "EDA080",
        "EDBFBF",
        "F0808080",
        "F4908080",
        "F8808080",
        "FF",
        "F09F98"
      })
  void whatIsNoProperUtf8IsLeftToTheTree(String hex) {
    byte[] character = HexFormat.of().parseHex(hex);
    for (String event : List.of("{\"a\":\"?\"}", "{\"?\":1}", "{\"a\":[{\"12345678?\":1}]}")) {
      int at = event.indexOf('?');
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(event.substring(0, at).getBytes());
      bytes.writeBytes(character);
      bytes.writeBytes(event.substring(at + 1).getBytes());
      assertThat(agrees(bytes.toByteArray(), hex)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " { } ",
        "{\"a\":1}",
        "{\"a\":-0,\"b\":-0.0,\"c\":0e0,\"d\":1E+2,\"e\":12345678901234567890,\"f\":-2147483648}",
        "{\"a\":999999999999999999,\"b\":-9223372036854775808,\"c\":9223372036854775808}",
        "{\"a\":{\"b\":{\"c\":[1,{\"d\":null},[]]}},\"b\":2}",
        "{\"a\":\"\\u00e9\\\\\\\"\\/\\ud83d\\ude00\\ud800\",\"b\":\"é€😀\"}",
        "{\"é\":1,\"e\":2}",
        "{\"a\" \t:\r\n [ ] , \"b\" : true }",
        "{\"a\":\"12345678\",\"b\":\"1234567\",\"c\":\"123456789\"}",
      })
  void theUsualIsIndexed(String event) {
    assertThat(agrees(event.getBytes(StandardCharsets.UTF_8), event)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\":1}x",
        "{\"a\":1}{}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.1}",
        "{\"a\":-}",
        "{\"a\":+1}",
        "{\"a\":1e}",
        "{\"a\":1e99999}",
        "{\"a\":NaN}",
        "{\"a\":nul}",
        "{\"a\":nulL}",
        "{\"a\":tru",
        "{\"a\":[1,]}",
        "{\"a\":[1}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":1,\"a\":2}",
        "{\"b\":[{\"a\":1,\"a\":2}]}",
        "{\"a\\u0062\":1}",
        "[1]",
        "null",
      })
  void theUnusualIsLeftToTheTree(String event) {
    assertThat(agrees(event.getBytes(StandardCharsets.UTF_8), event)).isFalse();
  }

  @Test
  void aNameMayStandAgainInAnotherObject() {
    assertThat(agrees("{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":{\"a\":3}}".getBytes(), "again"))
        .isTrue();
  }

  @Test
  void manyFieldsAndObjectsAreNoHindrance() {
    StringBuilder event = new StringBuilder("{\"first\":0");
    for (int i = 0; i < 5000; i++) {
      event.append(",\"field").append(i).append("\":{\"x\":").append(i).append('}');
    }
    byte[] wide = event.append('}').toString().getBytes(StandardCharsets.UTF_8);

    assertThat(agrees(wide, "wide")).isTrue();
    assertThat(agrees(Arrays.copyOf(wide, wide.length - 1), "wide and cut off")).isFalse();
    assertThat(
            agrees(
                event.toString().replace("field4711", "field4710").getBytes(), "wide and doubled"))
        .isFalse();
    assertThat(agrees("{\"a\":1}".getBytes(), "small again")).isTrue();
  }

  @Test
  void aGuessFromAnotherEventIsOnlyAGuess() throws Exception {
    FieldPath id = FieldPath.dotted("id");

    assertThat(event("{\"a\":{\"x\":1},\"id\":2}").at(id).intValue()).isEqualTo(2);
    assertThat(event("{\"a\":{\"b\":1,\"id\":3},\"id\":4}").at(id).intValue()).isEqualTo(4);
    assertThat(event("{\"a\":{\"b\":1,\"id\":3}}").at(id)).isNull();
    assertThat(event("{\"id\":5,\"a\":{\"b\":1,\"id\":3}}").at(id).intValue()).isEqualTo(5);
  }

  private static Event event(String json) throws EventFailed {
    return new RawEvent(json.getBytes(StandardCharsets.UTF_8)).read();
  }

  /**
   * @return whether the scanner has an index
   */
  private static boolean agrees(byte[] event, String what) {
    long[] index = Scanner.index(event);
    if (index == null) {
      return false;
    }
    String shown = what + ": " + new String(event, StandardCharsets.UTF_8);
    JsonNode tree;
    try {
      tree = TreeReader.read(event);
    } catch (EventFailed e) {
      return fail("the tree refuses with " + e.code() + " what was scanned, " + shown);
    }
    IndexedEvent indexed = new IndexedEvent(event, index);
    compare(tree, List.of(), indexed, shown);
    int fields = fields(tree);
    assertThat(index).as(shown).hasSize(fields);
    return true;
  }

  private static int fields(JsonNode object) {
    int count = object.size();
    for (JsonNode each : object) {
      count += each.isObject() ? fields(each) : 0;
    }
    return count;
  }

  private static void compare(
      JsonNode object, List<String> above, IndexedEvent indexed, String shown) {
    for (Iterator<Map.Entry<String, JsonNode>> it = object.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      List<String> names = new ArrayList<>(above);
      names.add(field.getKey());
      FieldPath path = FieldPath.of(names);
      JsonNode expected = field.getValue();
      JsonNode found = indexed.at(path);
      assertThat(found).as(names + " of " + shown).isEqualTo(expected);
      assertThat(found.getClass()).as(names + " of " + shown).isEqualTo(expected.getClass());
      if (expected.isNumber()) {
        assertThat(indexed.number(indexed.find(path)))
            .as(names + " of " + shown)
            .isEqualTo(expected.doubleValue());
      }
      if (expected.isObject()) {
        compare(expected, names, indexed, shown);
      }
    }
    assertThat(indexed.at(FieldPath.of(List.of("absent")))).isNull();
  }
}
