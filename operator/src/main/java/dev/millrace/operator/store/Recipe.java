package dev.millrace.operator.store;

import io.fabric8.kubernetes.api.model.Probe;
import java.util.List;
import java.util.Optional;

/**
 * How the server of one engine is run by its official image, all of its command spelt out: nothing
 * is left to the image's own scripts, which differ from one registry to another.
 */
interface Recipe {
  /** Where its volume is. */
  String DATA = "/data";

  /** Where the login of who may do everything is: the file {@code password}. */
  String LOGIN = "/etc/millrace/login";

  /** The Pod's address, as a variable. */
  String ADDRESS = "POD_IP";

  int port();

  /** Of the official image, who is no root. */
  long user();

  /**
   * A shell's script, run before each start: makes what is not there yet, and has the password be
   * the one that the Secret has now.
   */
  String prepare();

  /**
   * @param memory bytes that it has
   * @param storage bytes of its volume
   */
  List<String> command(long memory, long storage);

  /** When it answers. */
  Probe ready();

  /** What ends it before it is sent SIGTERM, where that would wait for its clients. */
  Optional<List<String>> stop();
}
