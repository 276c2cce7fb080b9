package dev.millrace.bench.contestant;

import dev.millrace.bench.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What a worker did, as Java Flight Recorder saw it, when {@code --profile} asks for it. */
public final class Profile {
  /** A directory, when one is wanted. */
  public static final String PROPERTY = "millrace.bench.profile";

  private static final long PATIENCE_SECONDS = 60;

  private Profile() {}

  /** Options for the JVM of a worker. */
  static String[] options() {
    return System.getProperty(PROPERTY) == null
        ? new String[0]
        : new String[] {"-XX:StartFlightRecording:name=bench,settings=profile"};
  }

  /** Writes what was recorded so far. */
  static void keep(Site site, long pid, String name) throws IOException, InterruptedException {
    String directory = System.getProperty(PROPERTY);
    if (directory == null) {
      return;
    }
    Path file = Files.createDirectories(Path.of(directory)).resolve(name + "-" + pid + ".jfr");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "JFR.dump",
                "name=bench",
                "filename=" + file)
            .redirectErrorStream(true)
            .redirectOutput(site.directory().resolve("jcmd.out").toFile())
            .start();
    if (!jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      jcmd.destroyForcibly();
    }
  }
}
