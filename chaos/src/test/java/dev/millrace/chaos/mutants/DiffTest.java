package dev.millrace.chaos.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiffTest {
  private static final Diff DIFF =
      Diff.parse(
          List.of(
              "--- a/core/src/Cursor.java",
              "+++ b/core/src/Cursor.java",
              "@@ -10,3 +10,3 @@",
              " before",
              "-right",
              "+wrong",
              " after"));

  @Test
  void whatAHunkNamesIsChangedWhereverItStands() throws Exception {
    assertThat(DIFF.applied(List.of("first", "before", "right", "after", "last")))
        .containsExactly("first", "before", "wrong", "after", "last");
    assertThat(DIFF.module()).isEqualTo("core");
  }

  @Test
  void aPlaceThatHasChangedIsNotPatched() {
    assertThatThrownBy(() -> DIFF.applied(List.of("before", "other", "after")))
        .isInstanceOf(Diff.DoesNotApply.class)
        .hasMessage("core/src/Cursor.java has no longer the lines around right");
  }

  @Test
  void ofTwoPlacesNoneIsChosen() {
    assertThatThrownBy(
            () -> DIFF.applied(List.of("before", "right", "after", "before", "right", "after")))
        .isInstanceOf(Diff.DoesNotApply.class)
        .hasMessageContaining("more than once");
  }

  @Test
  void aPatchChangesOneFile() {
    assertThatThrownBy(() -> Diff.parse(List.of("--- a/x/One.java", "+++ b/x/Other.java")))
        .hasMessageContaining("one file");
    assertThatThrownBy(() -> Diff.parse(List.of("--- a/x/One.java", "+++ b/x/One.java")))
        .hasMessageContaining("changes nothing");
  }
}
