package dev.millrace.stores.redis;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The ACL users: a writer for each store, a reader for each subscription. */
final class Users {

  /** What a writer needs, in the words of ACL rules. docs/external-stores.md lists the same. */
  static final List<String> WRITER_COMMANDS =
      List.of(
          "+select",
          "+client|setname",
          "+client|id",
          "+client|kill",
          "+info",
          "+multi",
          "+exec",
          "+discard",
          "+watch",
          "+unwatch",
          "+eval",
          "+hset",
          "+hmget",
          "+hgetall",
          "+hdel",
          "+set",
          "+get",
          "+pexpireat",
          "+unlink",
          "+rpush",
          "+lrange",
          "+llen",
          "+lrem",
          "+scan",
          "+dbsize");

  /** What makes rows cheaper to write. Not every provider leaves it in its servers. */
  private static final String RESTORE = "restore";

  /** Reading by name. SCAN, RANDOMKEY and DBSIZE would show what others have: ACLs let them. */
  static final List<String> READER_COMMANDS =
      List.of(
          "-@all",
          "+@read",
          "+@connection",
          "-@dangerous",
          "-scan",
          "-randomkey",
          "-dbsize",
          "+client|setname",
          "+client|getname",
          "+client|id");

  private final Connection connection;

  /**
   * @param connection of the admin, or of a writer that may manage users
   */
  Users(Connection connection) {
    this.connection = connection;
  }

  /** What allows a command. */
  static String rule(String... command) {
    String name = "+" + command[0];
    boolean hasParts = command[0].equals("CLIENT") || command[0].equals("ACL");
    return (hasParts ? name + "|" + command[1] : name).toLowerCase(Locale.ROOT);
  }

  /** Makes the store's writer what it has to be now, in one step. */
  void writer(StoreSite site, List<String> prefixes) throws StoreProblem {
    List<String> rules = login(site.writer());
    rules.addAll(List.of("resetchannels", "resetkeys"));
    rules.add("~" + Glob.beginningWith(new Bookkeeping(site.store()).root()));
    prefixes.forEach(prefix -> rules.add("~" + Glob.beginningWith(prefix)));
    rules.add("-@all");
    rules.addAll(WRITER_COMMANDS);
    if (knows(RESTORE)) {
      rules.add("+" + RESTORE);
    }
    set(site.writer().username(), rules);
  }

  /** A rule for a command that there is not is refused. */
  private boolean knows(String command) throws StoreProblem {
    List<Reply> answer = connection.tryAsk("COMMAND", "INFO", command).items();
    return !answer.isEmpty() && !answer.get(0).items().isEmpty();
  }

  void reader(StoreSite site, String prefix, Credentials reader) throws StoreProblem {
    List<String> rules = new ArrayList<>(List.of("reset"));
    rules.addAll(login(reader));
    rules.addAll(List.of("resetchannels", "~" + Glob.beginningWith(prefix)));
    rules.addAll(READER_COMMANDS);
    // Its keys are in one database; in the others this prefix may be anybody's.
    if (site.database().equals("0")) {
      rules.add("-select");
    }
    try {
      set(reader.username(), rules);
    } catch (StoreProblem e) {
      throw e.code().equals("PermissionMissing") ? cannotMakeReaders(e) : e;
    }
  }

  /** Sessions that are open stay as they are, whatever their password: they have to be ended. */
  void endSessions(String username) throws StoreProblem {
    connection.ask("CLIENT", "KILL", "USER", username);
  }

  /** Ends its sessions too. */
  void remove(String username) throws StoreProblem {
    connection.ask("ACL", "DELUSER", username);
  }

  /** Without an ACL file users last until the server ends; docs/external-stores.md says so. */
  void save() throws StoreProblem {
    Reply reply = connection.tryAsk("ACL", "SAVE");
    if (reply instanceof Reply.Failure failure && !failure.text().contains("ACL file")) {
      throw connection.problems().refused(failure.text());
    }
  }

  private void set(String username, List<String> rules) throws StoreProblem {
    List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", username));
    words.addAll(rules);
    connection.ask(words.toArray(String[]::new));
  }

  /** The digest, so that no password stands in the server's slow log. */
  private static List<String> login(Credentials login) {
    return new ArrayList<>(Arrays.asList("on", "resetpass", "#" + sha256(login.password())));
  }

  private static StoreProblem cannotMakeReaders(StoreProblem cause) {
    return new StoreProblem(
        "PermissionMissing",
        "the store's writer may not make users, so no reader can be made",
        "Give the Store a reader of its own (docs/external-stores.md, Redis), or let the writer"
            + " make users: +acl|setuser +acl|deluser +acl|save.",
        false,
        cause);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
