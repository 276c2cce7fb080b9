package dev.millrace.stores.redis;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * From what a server or the network says to what a person can do. A server's text is never repeated
 * beyond its first words: it may quote arguments, and those are events.
 */
final class Problems {
  private static final Pattern COMMAND = Pattern.compile("the '([a-z|]{1,40})' command");

  private final String server;
  private final String login;

  Problems(StoreSite site, String login) {
    this.server = "Redis at " + site.host() + ":" + site.port();
    this.login = login;
  }

  StoreProblem lost(IOException cause) {
    if (cause instanceof SSLException) {
      return new StoreProblem(
          "StoreUnsuitable",
          server + " and Millrace do not agree on TLS: " + cause.getMessage(),
          "Set tls to what the server does: disable, require, or verify-full with a certificate that"
              + " this machine trusts for that host name.",
          false,
          cause);
    }
    if (cause instanceof ProtocolException) {
      return unsuitable(cause.getMessage(), "Look whether host and port are those of a Redis.");
    }
    return new StoreProblem(
        "StoreUnavailable",
        server + " does not answer: " + cause.getMessage(),
        "Start it, or make its address reachable from here; Millrace tries again by itself.",
        true,
        cause);
  }

  StoreProblem refused(String failure) {
    if (says(failure, "WRONGPASS", "NOAUTH", "invalid password", "without any password")) {
      return new StoreProblem(
          "CredentialsRejected",
          server + " does not accept the login '" + login + "'",
          "Look whether the user is there and on (ACL GETUSER "
              + login
              + "), and set its password.",
          false);
    }
    if (says(failure, "NOPERM", "The user executing the script", "ACL failure")) {
      return forbidden(failure);
    }
    if (says(failure, "OOM")) {
      return new StoreProblem(
          "StoreFull",
          server + " has used all the memory it may use",
          "Raise maxmemory, or delete what is not needed; Millrace goes on by itself.",
          true);
    }
    if (says(failure, "MISCONF")) {
      return new StoreProblem(
          failure.contains("No space left") ? "StoreFull" : "StoreReadOnly",
          server + " refuses writes, because it could not save to disk",
          "Make room on its disk and look into its log; Millrace goes on by itself.",
          true);
    }
    if (says(failure, "READONLY", "NOREPLICAS")) {
      return new StoreProblem(
          "StoreReadOnly",
          server + " is a replica, or a master without enough of them, and takes no writes",
          "Give the address of the master.",
          true);
    }
    if (says(failure, "LOADING", "BUSY", "TRYAGAIN", "MASTERDOWN", "max number of clients")) {
      return new StoreProblem(
          "StoreUnavailable",
          server + " is there but busy: " + firstWords(failure),
          "Wait; Millrace tries again by itself.",
          true);
    }
    if (says(failure, "CROSSSLOT", "MOVED", "CLUSTERDOWN", "ASK ")) {
      return cluster();
    }
    return unsuitable(
        "it answered: " + firstWords(failure), "Look into docs/external-stores.md, Redis.");
  }

  /** The refusal names the command, not the key. */
  private StoreProblem forbidden(String failure) {
    Matcher command = COMMAND.matcher(failure);
    return command.find()
        ? missing("all it has to", "+" + command.group(1))
        : missing("all the keys it has to", "~PREFIX* for each key prefix, and ~millrace:*");
  }

  StoreProblem missing(String what, String rule) {
    return new StoreProblem(
        "PermissionMissing",
        server + " does not let '" + login + "' use " + what,
        "Run: ACL SETUSER " + login + " " + rule,
        false);
  }

  StoreProblem cluster() {
    return unsuitable(
        "it is a Redis Cluster, where rows and cursor cannot change in one step",
        "Use a single Redis, with replicas if need be.");
  }

  StoreProblem unsuitable(String why, String remedy) {
    return new StoreProblem(
        "StoreUnsuitable", server + " cannot be a store: " + why, remedy, false);
  }

  private static boolean says(String failure, String... words) {
    for (String word : words) {
      if (failure.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private static String firstWords(String failure) {
    String plain = failure.split("[`'\":,]", 2)[0].strip();
    return plain.length() <= 80 ? plain : plain.substring(0, 80);
  }
}
