package dev.millrace.standalone.demo;

import dev.millrace.api.store.Binding;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Reads all rows of a store as its reader may, into a CSV file as {@link Oracle} takes it. */
interface Reader {
  /** How null is written, unquoted. */
  String NULL = "\\N";

  void dump(Subscription subscription, Binding binding, List<Column> columns, Path csv)
      throws IOException, SQLException, InterruptedException;
}
