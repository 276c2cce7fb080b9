package dev.millrace.chaos.round;

import dev.millrace.chaos.report.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Round after round on one site; the kinds take turns. */
public final class Rounds {
  /** All content is compared in each round, so a scene that grows makes rounds slow. */
  private static final long MOST_EVENTS = 80_000;

  private final List<Kind> kinds;
  private final String commit;
  private int scenes;

  public Rounds(List<Kind> kinds, String commit) {
    this.kinds = List.copyOf(kinds);
    this.commit = commit;
  }

  /** Is told of each round at once. */
  public interface Listener {
    void ended(Result result) throws IOException;
  }

  /** A site on which a round went wrong is left, with its files, and another one is made. */
  public List<Result> run(long seed, int most, Duration longest, Listener listener)
      throws Exception {
    List<Result> done = new ArrayList<>();
    long deadline = System.nanoTime() + longest.toNanos();
    int round = 0;
    while (more(round, most, deadline)) {
      Site site = Site.start();
      boolean right = true;
      try (Scenes all = new Scenes(site)) {
        while (right && more(round, most, deadline)) {
          // Short runs begin elsewhere each time, and the same seed begins at the same kind.
          Kind kind = kinds.get((int) Math.floorMod(seed + round, (long) kinds.size()));
          Result result = Round.run(all.scene(seed + round), kind, seed + round, commit);
          right = result.right();
          all.used(kind);
          done.add(result);
          round++;
          listener.ended(result);
        }
      } finally {
        site.close();
      }
      if (right) {
        site.delete();
      } else {
        System.out.println("    its files are in " + site.directory());
      }
    }
    return done;
  }

  private static boolean more(int round, int most, long deadline) {
    return round < most && System.nanoTime() < deadline;
  }

  /** The present scene, and a fresh one when that is worn. */
  private final class Scenes implements AutoCloseable {
    private final Site site;
    private @Nullable Scene present;

    Scenes(Site site) {
      this.site = site;
    }

    Scene scene(long seed) throws Exception {
      Scene scene = present;
      if (scene == null) {
        scene = Scene.open(site, ++scenes, seed);
        present = scene;
      }
      return scene;
    }

    void used(Kind kind) {
      Scene scene = present;
      if (scene != null && (kind.stops().isPresent() || scene.log().events() > MOST_EVENTS)) {
        present = null;
        scene.close();
      }
    }

    @Override
    public void close() {
      if (present != null) {
        present.load().close();
      }
    }
  }
}
