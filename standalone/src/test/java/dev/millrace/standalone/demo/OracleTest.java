package dev.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OracleTest {
  private static final String SOURCE =
      """
      {"features":[
      {"id":"a","properties":{"mag":4.5,"place":"here, \\"there\\"","time":1000},"geometry":{"coordinates":[1,2,3]}},
      {"id":"b","properties":{"mag":4.49,"place":"x","time":1000},"geometry":{"coordinates":[1,2,3]}},
      {"id":"c","properties":{"mag":5,"place":null,"time":1001},"geometry":{"coordinates":[0.1,-2.25,3]}},
      {"id":"d","properties":{"mag":6,"place":"x","time":1000},"geometry":{"coordinates":[1,2,3]}},
      {"id":"e","properties":{"mag":6,"place":"x","time":1000},"geometry":{"coordinates":[1,2,3]}}]}
      """;

  /** b enters, d leaves, e goes, f comes and goes and comes. */
  private static final String LIVE =
      """
      {"n":0,"key":"b","value":{"id":"b","properties":{"mag":4.51,"place":"x","time":1},"geometry":{"coordinates":[1,2,3]}}}
      {"n":1,"key":"d","value":{"id":"d","properties":{"mag":null,"place":"x","time":1},"geometry":{"coordinates":[1,2,3]}}}
      {"n":2,"key":"e"}
      {"n":3,"key":"f","value":{"id":"f","properties":{"mag":5,"place":"x","time":1},"geometry":{"coordinates":[1,2,3]}}}
      {"n":4,"key":"f"}
      {"n":5,"key":"f","value":{"id":"f","properties":{"mag":5.5,"place":"y","time":1},"geometry":{"coordinates":[1,2,3]}}}
      """;

  private static final List<String> RIGHT =
      List.of(
          "a,4.50,\"here, \"\"there\"\"\",1970-01-01 00:00:01,1,2,3",
          "b,4.51,x,1970-01-01 00:00:00.001,1,2,3",
          "c,5.00,\\N,1970-01-01 00:00:01.001,0.1,-2.25,3",
          "f,5.50,y,1970-01-01 00:00:00.001,1,2,3");

  private static final Subscription STRONG = Subscription.ALL.get(0);

  @TempDir private Path work;
  private Oracle oracle;

  @BeforeEach
  void learn() throws Exception {
    oracle = new Oracle(work);
    oracle.learn(
        "earthquakes",
        Files.writeString(work.resolve("it's.json"), SOURCE),
        Files.writeString(work.resolve("live.ndjson"), LIVE));
    oracle.expect(STRONG);
  }

  @AfterEach
  void close() throws Exception {
    oracle.close();
  }

  @Test
  void theRowsThatFollowFromTheEventsAreRight() throws Exception {
    Verdict verdict = compare(RIGHT);

    assertThat(verdict.isRight()).isTrue();
    assertThat(verdict.expected()).isEqualTo(4);
  }

  @Test
  void aMissingRowIsFound() throws Exception {
    Verdict verdict = compare(RIGHT.subList(1, 4));

    assertThat(verdict.isRight()).isFalse();
    assertThat(List.of(verdict.missing(), verdict.additional(), verdict.different()))
        .containsExactly(1L, 0L, 0L);
    assertThat(verdict.examples()).containsExactly("a");
  }

  @Test
  void anAdditionalRowIsFound() throws Exception {
    Verdict verdict = compare(with("e,6.00,x,1970-01-01 00:00:01,1,2,3"));

    assertThat(verdict.isRight()).isFalse();
    assertThat(verdict.additional()).isEqualTo(1);
    assertThat(verdict.examples()).containsExactly("e");
  }

  @Test
  void aRowThatIsThereTwiceIsFound() throws Exception {
    Verdict verdict = compare(with(RIGHT.get(1)));

    assertThat(verdict.isRight()).isFalse();
    assertThat(verdict.additional()).isEqualTo(1);
  }

  @Test
  void aDifferenceInTheLastDigitOfADoubleOrAMillisecondIsFound() throws Exception {
    for (String wrong :
        List.of(
            "c,5.00,\\N,1970-01-01 00:00:01.001,0.10000000000000002,-2.25,3",
            "c,5.00,\\N,1970-01-01 00:00:01.002,0.1,-2.25,3",
            "c,5.00,\"\",1970-01-01 00:00:01.001,0.1,-2.25,3",
            "c,5.00,\"\\N\",1970-01-01 00:00:01.001,0.1,-2.25,3")) {
      oracle.expect(STRONG);
      Verdict verdict = compare(List.of(RIGHT.get(0), RIGHT.get(1), wrong, RIGHT.get(3)));

      assertThat(verdict.different()).as(wrong).isEqualTo(1);
      assertThat(verdict.isRight()).isFalse();
      assertThat(verdict.examples()).containsExactly("c");
    }
  }

  private static List<String> with(String row) {
    return List.of(RIGHT.get(0), RIGHT.get(1), RIGHT.get(2), RIGHT.get(3), row);
  }

  private Verdict compare(List<String> rows) throws Exception {
    return oracle.compare(STRONG, Files.write(work.resolve("rows.csv"), rows));
  }
}
