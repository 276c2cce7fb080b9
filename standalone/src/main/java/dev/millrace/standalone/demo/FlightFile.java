package dev.millrace.standalone.demo;

import dev.hardwood.HardwoodContext;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The flights in the order of their file. */
record FlightFile(Path path) {

  /** Given each row; returns whether to go on. */
  interface Visitor {
    boolean visit(
        int id, long micros, long delay, long distance, byte[] origin, byte[] destination);
  }

  void each(Visitor visitor) {
    try (HardwoodContext context = HardwoodContext.create(1);
        ParquetFileReader file = ParquetFileReader.open(InputFile.of(path), context);
        ColumnReaders columns = file.columnReaders(ColumnProjection.all())) {
      int id = 1;
      while (columns.nextBatch()) {
        int count = columns.getRecordCount();
        long[] date = columns.getColumnReader("date").getLongs();
        long[] delay = columns.getColumnReader("delay").getLongs();
        long[] distance = columns.getColumnReader("distance").getLongs();
        byte[][] origin = columns.getColumnReader("origin").getBinaries();
        byte[][] destination = columns.getColumnReader("destination").getBinaries();
        for (int i = 0; i < count; i++, id++) {
          if (!visitor.visit(id, date[i], delay[i], distance[i], origin[i], destination[i])) {
            return;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read", e);
    }
  }
}
