package dev.millrace.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Waiting for a server to come up, and saying in one sentence why it did not. */
final class Startup {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Startup() {}

  static void await(String server, OwnedProcess process, Path log, BooleanSupplier up) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!up.getAsBoolean()) {
      if (!process.isAlive()) {
        throw new ServerFailed(reason(server, log));
      }
      if (System.nanoTime() > deadline) {
        process.stop();
        throw new ServerFailed(
            server + " did not answer within " + PATIENCE.toSeconds() + " s; its log is " + log);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerFailed("interrupted while starting", e);
    }
  }

  static String reason(String server, Path log) {
    String text = tail(log);
    if (text.contains("error while loading shared libraries")) {
      String library = text.replaceAll("(?s).*shared libraries: ([^:\\s]+).*", "$1");
      return server
          + " needs the shared library "
          + library
          + ", which is missing: install it ("
          + installLine(library)
          + ")";
    }
    if (text.contains("No space left on device")) {
      return server + " found the disk full: free some space where " + log.getParent() + " lies";
    }
    if (text.contains("Address already in use") || text.contains("could not bind")) {
      return server + " found its port taken: end what listens there, or start again";
    }
    if (text.contains("incompatible with server") || text.contains("Can't handle RDB format")) {
      return server
          + "'s data in "
          + log.getParent()
          + " was written by another version: use that version of Millrace, or forget the data"
          + " with ./millrace reset";
    }
    return server + " ended at start; the last lines of " + log + ": " + text.strip();
  }

  private static String installLine(String library) {
    if (library.startsWith("libssl") || library.startsWith("libcrypto")) {
      return "Debian, Ubuntu: apt-get install libssl3; Fedora: dnf install openssl-libs";
    }
    return "on Debian: apt-get install apt-file && apt-file search " + library;
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    } catch (IOException e) {
      return "(no log)";
    }
  }
}
