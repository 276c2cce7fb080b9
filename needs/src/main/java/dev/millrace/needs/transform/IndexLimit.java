package dev.millrace.needs.transform;

import dev.millrace.api.plan.PipelinePlan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the indexes of a table can hold. Postgres takes no entry of more than a third of a page of 8
 * KiB, and would refuse the whole batch for one row.
 */
final class IndexLimit {
  /** Bytes of all texts in one entry; the rest of the third is for the other columns. */
  static final int MOST_BYTES = 2000;

  /** A character is at most 3 bytes in UTF-8, so most texts need no counting. */
  static final int SURELY_FITS = MOST_BYTES / 3;

  /** Of each index the columns that hold texts. */
  private final List<int[]> indexes;

  private IndexLimit(List<int[]> indexes) {
    this.indexes = indexes;
  }

  static IndexLimit of(PipelinePlan plan) {
    List<int[]> indexes = new ArrayList<>();
    if (plan.target().table() != null) {
      List<String> names = plan.columns().stream().map(PipelinePlan.Column::name).toList();
      for (List<String> index : plan.target().table().indexes()) {
        indexes.add(index.stream().mapToInt(names::indexOf).filter(at -> at >= 0).toArray());
      }
    }
    return new IndexLimit(indexes);
  }

  static boolean holds(String text) {
    return text.length() <= SURELY_FITS || bytes(text) <= MOST_BYTES;
  }

  /**
   * @return the column with the longest text of an index that cannot hold them; -1 when all can
   */
  int exceededBy(@Nullable Object[] row) {
    for (int[] index : indexes) {
      int characters = 0;
      for (int column : index) {
        characters += row[column] instanceof String text ? text.length() : 0;
      }
      if (characters > SURELY_FITS) {
        int longest = exceeded(index, row);
        if (longest >= 0) {
          return longest;
        }
      }
    }
    return -1;
  }

  private static int exceeded(int[] index, @Nullable Object[] row) {
    int longest = index[0];
    int most = 0;
    int sum = 0;
    for (int column : index) {
      int bytes = row[column] instanceof String text ? bytes(text) : 0;
      sum += bytes;
      if (bytes > most) {
        most = bytes;
        longest = column;
      }
    }
    return sum > MOST_BYTES ? longest : -1;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
