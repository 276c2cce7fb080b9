package dev.millrace.stores.postgres;

import dev.millrace.api.ask.Explanation.WriteWay;
import java.util.List;

/** How a batch may be written, by the names under which {@code explain} counts them. */
final class Ways {
  static final String STATEMENT = "Statement";
  static final String COPY = "Copy";
  static final String COPY_THEN_MERGE = "CopyThenMerge";
  static final String MERGE = "Merge";

  static final List<WriteWay> ALL =
      List.of(
          new WriteWay(
              STATEMENT,
              "few and short rows (up to "
                  + PreparedBatch.MOST_IN_ONE_STATEMENT
                  + "), the deletions and the cursor in one statement"),
          new WriteWay(COPY, "more or longer rows by binary COPY straight into the table"),
          new WriteWay(
              COPY_THEN_MERGE,
              "the COPY met a key that was there, was turned back, and the batch was merged"),
          new WriteWay(
              MERGE,
              "merged without trying, through a temporary table and INSERT … ON CONFLICT, for a"
                  + " batch shortly before had met a key"));

  private Ways() {}
}
