package dev.millrace.catalog.event;

import static dev.millrace.catalog.event.Orders.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {

  @Test
  void blankLinesAreCountedAndPassedOver() throws IOException {
    assertThat(lines("a\n\n \r\nb\r\n\t\nc", 10)).containsExactly("1:a", "4:b\r", "6:c");
  }

  @Test
  void aLineThatIsTooLongIsToldAndTheNextIsReadWell() throws IOException {
    assertThat(lines("abc\nabcd\nxy", 3)).containsExactly("1:abc", "2:too long", "3:xy");
    assertThat(lines("x".repeat(1_000_000) + "\nxy\n" + "y".repeat(1_000_000), 300_000))
        .containsExactly("1:too long", "2:xy", "3:too long");
  }

  @Test
  void nothingHasNoLines() throws IOException {
    assertThat(lines("", 3)).isEmpty();
    assertThat(lines("\n\n", 3)).isEmpty();
  }

  @Test
  void linesOfAnyLengthComeOutAsTheyWentIn() throws IOException {
    Random random = new Random(17);
    List<String> written = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      written.add(i + ":" + "é".repeat(1 + random.nextInt(i % 50 == 0 ? 200_000 : 2_000)));
    }
    String text = String.join("\n", written.stream().map(l -> l.replaceAll("^\\d+:", "")).toList());

    assertThat(lines(text, 1_000_000)).isEqualTo(written);
  }

  @Test
  void noMoreIsKeptThanTheLongestLine() throws IOException {
    Lines lines = new Lines(new Endless(200_000_000), 1024 * 1024);

    assertThat(lines.advance()).isTrue();
    assertThat(lines.isTooLong()).isTrue();
    assertThat(lines.buffer().length).isLessThan(2 * 1024 * 1024);
    assertThat(lines.advance()).isFalse();
  }

  private static List<String> lines(String text, int longest) throws IOException {
    Lines lines = new Lines(new ByteArrayInputStream(utf8(text)), longest);
    List<String> found = new ArrayList<>();
    while (lines.advance()) {
      int length = lines.to() - lines.from();
      found.add(
          lines.number()
              + ":"
              + (lines.isTooLong()
                  ? "too long"
                  : new String(lines.buffer(), lines.from(), length, StandardCharsets.UTF_8)));
    }
    return found;
  }

  private static final class Endless extends InputStream {
    private long left;

    Endless(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'x' : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      Arrays.fill(into, offset, offset + count, (byte) 'x');
      left -= count;
      return count;
    }
  }
}
