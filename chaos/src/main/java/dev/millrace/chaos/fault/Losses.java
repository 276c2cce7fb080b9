package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What a store or the log forgets. Some of it the stream repairs, some of it nothing can. */
final class Losses {
  private Losses() {}

  static List<Kind> kinds() {
    return List.of(
        Fault.stopping("cursor-deleted", "StoreLost", Set.of(Need.TABLE), Losses::deleteCursor),
        new TopicRecreated(),
        new HistoryDeleted(false),
        new HistoryDeleted(true),
        new RedisTailLost(),
        new PostgresRestored(),
        Fault.stopping("redis-flushed", "StoreLost", Set.of(Need.HASHES), Losses::flush),
        Fault.stopping("table-dropped", "StoreLost", Set.of(Need.TABLE), Losses::drop),
        new TableTruncated());
  }

  private static void deleteCursor(Scene scene, Random random) throws Exception {
    scene
        .site()
        .postgres()
        .change(
            "DELETE FROM millrace.cursor WHERE subscription = ? AND partition = ?",
            scene.uid(Need.TABLE),
            random.nextInt(Scene.PARTITIONS));
  }

  private static void flush(Scene scene, Random random) throws Exception {
    scene.site().redis().flushAll();
  }

  private static void drop(Scene scene, Random random) throws Exception {
    scene.site().postgres().run("DROP TABLE public." + scene.place(Need.TABLE));
  }
}
