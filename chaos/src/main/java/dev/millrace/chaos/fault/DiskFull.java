package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.store.SmallDisk;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The disk of the table that grows is full, and has room again later. */
final class DiskFull implements Kind {
  private static final int MEGABYTES = 256;

  /** Pages that the table has already take a while to fill. */
  private static final Duration NAMED = Duration.ofSeconds(90);

  private @Nullable SmallDisk disk;

  @Override
  public String name() {
    return "disk-full";
  }

  @Override
  public Optional<String> impossible() throws Exception {
    return SmallDisk.possible()
        ? Optional.empty()
        : Optional.of("only who may mount a file system can fill a small one");
  }

  @Override
  public void prepare(Scene scene) throws Exception {
    disk = scene.site().postgres().moveToSmallDisk(scene.place(Need.JOURNAL), MEGABYTES);
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    SmallDisk small = Objects.requireNonNull(disk);
    small.fill();
    try {
      scene.awaitReason(Need.JOURNAL, "StoreFull", NAMED);
      Thread.sleep(random.nextInt(3000));
    } finally {
      small.makeRoom();
    }
  }

  @Override
  public void after(Scene scene) throws Exception {
    SmallDisk small = disk;
    disk = null;
    if (small != null) {
      scene.site().postgres().moveBack(scene.place(Need.JOURNAL), small);
    }
  }
}
