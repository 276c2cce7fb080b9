package dev.millrace.standalone;

import dev.millrace.standalone.controller.StoreClasses;
import dev.millrace.standalone.server.Servers;
import java.net.URI;

/**
 * The platform of this process, once it answers.
 *
 * @param token of its administrator
 */
record RunningPlatform(URI url, String token, Servers servers, StoreClasses classes) {
  @Override
  public String toString() {
    return "RunningPlatform[" + url + "]";
  }
}
