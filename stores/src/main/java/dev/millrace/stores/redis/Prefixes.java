package dev.millrace.stores.redis;

import dev.millrace.api.ObjectKey;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which subscription has which prefix. One list for the whole server, because its ACL rules do not
 * know databases: a reader of {@code order:*} in one reads {@code order:*} in all.
 */
final class Prefixes implements AutoCloseable {

  /** KEYS the list; ARGV prefix, uid, claim. Answers with the prefix in the way and its claim. */
  private static final String CLAIM =
      """
      local wanted = ARGV[1]
      local all = redis.call('HGETALL', KEYS[1])
      for i = 1, #all, 2 do
        local has = all[i]
        local overlap = string.sub(has, 1, #wanted) == wanted or string.sub(wanted, 1, #has) == has
        local ours = has == wanted and cjson.decode(all[i + 1]).uid == ARGV[2]
        if overlap and not ours then return {has, all[i + 1]} end
      end
      if not redis.call('HMGET', KEYS[1], wanted)[1] then
        redis.call('HSET', KEYS[1], wanted, ARGV[3])
      end
      return {}
      """;

  /** KEYS the list; ARGV prefix, uid, claim or nothing: only who has it may change it. */
  private static final String CHANGE =
      """
      local claim = redis.call('HMGET', KEYS[1], ARGV[1])[1]
      if not claim or cjson.decode(claim).uid ~= ARGV[2] then return end
      if ARGV[3] == '' then
        redis.call('HDEL', KEYS[1], ARGV[1])
      else
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
      end
      """;

  private final Connection connection;

  private Prefixes(Connection connection) {
    this.connection = connection;
  }

  static Prefixes open(StoreSite site, Credentials login) throws StoreProblem {
    return new Prefixes(Connection.open(site, login, "0", "millrace"));
  }

  /**
   * @throws StoreProblem KeyPrefixTaken when it is, or overlaps, somebody else's
   */
  void claim(String prefix, Claim claim) throws StoreProblem {
    List<Reply> inTheWay =
        connection
            .ask("EVAL", CLAIM, "1", Bookkeeping.PREFIXES, prefix, claim.uid(), claim.written())
            .items();
    if (!inTheWay.isEmpty()) {
      throw taken(prefix, inTheWay.get(0).text(), Claim.read(inTheWay.get(1).text()), claim);
    }
  }

  /** Empty when this subscription does not have it. */
  Optional<Claim> claimOf(String prefix, String uid) throws StoreProblem {
    String claim = connection.ask("HMGET", Bookkeeping.PREFIXES, prefix).items().get(0).text();
    return claim.isEmpty()
        ? Optional.empty()
        : Optional.of(Claim.read(claim)).filter(has -> has.uid().equals(uid));
  }

  void change(String prefix, Claim claim) throws StoreProblem {
    change(prefix, claim.uid(), claim.written());
  }

  void release(String prefix, Claim claim) throws StoreProblem {
    change(prefix, claim.uid(), "");
  }

  private void change(String prefix, String uid, String claim) throws StoreProblem {
    connection.ask("EVAL", CHANGE, "1", Bookkeeping.PREFIXES, prefix, uid, claim);
  }

  /** Those in which the store's writer writes, in order. */
  List<String> writtenIn(ObjectKey store) throws StoreProblem {
    List<String> prefixes = new ArrayList<>();
    for (Map.Entry<String, String> each :
        connection.ask("HGETALL", Bookkeeping.PREFIXES).fields().entrySet()) {
      Claim claim = Claim.read(each.getValue());
      if (claim.store().equals(store) && claim.needsWriter()) {
        prefixes.add(each.getKey());
      }
    }
    Collections.sort(prefixes);
    return prefixes;
  }

  /** The owner is named only to people of the same tenant. */
  private static StoreProblem taken(String wanted, String has, Claim by, Claim claim) {
    boolean known = by.subscription().tenant().equals(claim.subscription().tenant());
    String owner = known ? "the subscription " + by.subscription() : "another subscription";
    String overlap = wanted.equals(has) ? "is that of " : "overlaps '" + has + "', the prefix of ";
    boolean kept = by.state().equals(Claim.KEPT);
    return new StoreProblem(
        "KeyPrefixTaken",
        "the key prefix '" + wanted + "' " + overlap + owner + (kept ? ", which is gone" : ""),
        kept
            ? "Choose another prefix. Or delete the keys that were kept, then run: HDEL "
                + Bookkeeping.PREFIXES
                + " "
                + has
            : "Choose a prefix of which none begins the other.",
        false);
  }

  @Override
  public void close() {
    connection.close();
  }
}
