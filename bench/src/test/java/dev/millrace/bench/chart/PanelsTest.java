package dev.millrace.bench.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class PanelsTest {
  @Test
  void aChartIsXmlAndDrawsEachPointThatIsANumber() throws Exception {
    Panel panel =
        new Panel(
            "cost < 2 & falling",
            "x",
            List.of(new Panel.Tick(0, "0"), new Panel.Tick(2, "2")),
            List.of(
                new Panel.Line(
                    "seen",
                    Panel.Line.BLUE,
                    false,
                    List.of(
                        new Panel.Point(0, 100),
                        new Panel.Point(1, Double.NaN),
                        new Panel.Point(2, 0)))));

    Element svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    Panels.svg(List.of(panel, panel, panel)).getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement();

    assertThat(svg.getElementsByTagName("g").getLength()).isEqualTo(3);
    Element line = (Element) svg.getElementsByTagName("polyline").item(0);
    // The highest is at the top of the grid, nothing at its foot.
    assertThat(line.getAttribute("points")).isEqualTo("62,46 364,196");
  }

  @Test
  void theGridHasRoundNumbers() {
    assertThat(Panels.step(100)).isEqualTo(20);
    assertThat(Panels.step(7)).isEqualTo(1);
    assertThat(Panels.step(0.9)).isEqualTo(0.2);
    assertThat(Panels.step(0)).isPositive();
  }
}
