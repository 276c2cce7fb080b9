package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Puts a shadow in the place of what it was made for. Both rest, so what differs is found outside,
 * and one script moves the keys that do. What is left of the shadow then has no meaning any more
 * and goes as with any subscription that is withdrawn.
 */
final class Swap {
  /** Keys moved in one step; measured in RATIONALE.md. */
  static final int MOST_KEYS = 200_000;

  /**
   * KEYS the live cursors, the shadow's, both dead letters, pairs of keys (from, to), keys to go.
   * ARGV the number of cursors, of pairs, of keys to go, the definition; then for each partition
   * where the live cursor and the shadow's have to stand, with their counts (a correction of dead
   * letters moves no offset), and the live one's new history of definitions.
   *
   * <p>All keys are declared, so the server has looked before whether the login may use each. All
   * else is looked at before the first change: a script that fails later would leave a half. The
   * owner of a cursor is written as it was, for only the first write of a script can be refused for
   * lack of memory; and RENAME of a key that is not there fails without harm, unless it is not
   * allowed. A key that went by itself meanwhile has to be gone in its new place too.
   */
  private static final String MOVE =
      """
      local function standing(key)
        local at = redis.call('HMGET', key, 'next_offset', 'read', 'applied', 'filtered',
          'dead_lettered', 'skipped', 'definition')
        if not at[1] then return nil end
        return table.concat(at, ',', 1, 6), tonumber(at[7])
      end
      local cursors, moves, going = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
      for i = 1, cursors do
        local live, definition = standing(KEYS[i])
        local shadow = standing(KEYS[cursors + i])
        if not live or not shadow then return 'lost' end
        if definition > tonumber(ARGV[4]) then return 'behind' end
        if live ~= ARGV[2 + 3 * i] or shadow ~= ARGV[3 + 3 * i] then return 'behind' end
      end
      local owner = redis.call('HMGET', KEYS[1], 'owner')[1]
      redis.call('HSET', KEYS[1], 'owner', owner or '')
      local none = KEYS[1] .. ':none'
      redis.call('UNLINK', none)
      redis.call('PTTL', none)
      local probe = redis.pcall('RENAME', none, none)
      if not string.find(probe.err or '', 'no such key', 1, true) then
        return 'forbidden'
      end

      local function move(from, to)
        if redis.pcall('RENAME', from, to).err then redis.call('UNLINK', to) end
      end
      local at = 2 * cursors
      local live_dead, shadow_dead = KEYS[at + 1], KEYS[at + 2]
      at = at + 2
      for i = 1, moves do
        move(KEYS[at + 1], KEYS[at + 2])
        at = at + 2
      end
      for i = 1, going do
        redis.call('UNLINK', KEYS[at + i])
      end
      move(shadow_dead, live_dead)
      for i = 1, cursors do
        redis.call('RENAME', KEYS[cursors + i], KEYS[i])
        redis.call('HSET', KEYS[i], 'definition', ARGV[4], 'definitions', ARGV[4 + 3 * i],
          'owner', '', 'connection', '')
      end
      return 'moved'
      """;

  private final StoreSite site;
  private final PipelinePlan live;
  private final PipelinePlan shadow;
  private final PipelinePlan next;
  private final int mostKeys;
  private final byte[] livePrefix;
  private final byte[] shadowPrefix;

  Swap(StoreSite site, PipelinePlan live, PipelinePlan shadow, PipelinePlan next, int mostKeys) {
    this.site = site;
    this.live = live;
    this.shadow = shadow;
    this.next = next;
    this.mostKeys = mostKeys;
    this.livePrefix = prefix(live);
    this.shadowPrefix = prefix(shadow);
  }

  /** Until this has returned, the shadow's claim and what is left of its keys are still there. */
  void run(Credentials login) throws StoreProblem {
    SwapCheck.samePrefix(live, next);
    try (Connection connection = Connection.open(site, login)) {
      RestingCursors cursors = RestingCursors.read(connection, live, shadow, next);
      if (!cursors.swapped()) {
        KeyDifference difference =
            new KeyDifference(connection, readCommand(), shadowPrefix, livePrefix);
        difference.find(mostKeys);
        if (difference.size() > mostKeys) {
          throw SwapCheck.tooLarge(live, "more than " + mostKeys, mostKeys);
        }
        move(connection, cursors, difference);
      }
    }
  }

  private void move(Connection connection, RestingCursors cursors, KeyDifference difference)
      throws StoreProblem {
    try {
      write(connection.requests(), cursors, difference);
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    switch (connection.readOk().text()) {
      case "moved" -> {
        // As it should be.
      }
      case "behind" -> throw cursors.behind();
      case "forbidden" -> throw connection.problems().missing("all it has to", "+rename");
      case "lost" -> throw new Cursors(live).lost(live.start().keySet().iterator().next());
      default -> throw connection.problems().refused("a script gave an answer it does not have");
    }
  }

  private void write(Requests requests, RestingCursors cursors, KeyDifference difference)
      throws IOException {
    List<String> liveKeys = cursors.liveKeys();
    List<byte[]> changed = difference.changed();
    List<byte[]> gone = difference.gone();
    int keys = 2 * liveKeys.size() + 2 + 2 * changed.size() + gone.size();
    requests.command(3 + keys + 4 + 3 * liveKeys.size());
    requests.word("EVAL");
    requests.word(MOVE);
    requests.word(Integer.toString(keys));
    liveKeys.forEach(requests::word);
    cursors.shadowKeys().forEach(requests::word);
    Bookkeeping bookkeeping = new Bookkeeping(live.target().store());
    requests.word(bookkeeping.deadLetters(live));
    requests.word(bookkeeping.deadLetters(shadow));
    for (byte[] rest : changed) {
      requests.word(KeyDifference.joined(shadowPrefix, rest));
      requests.word(KeyDifference.joined(livePrefix, rest));
    }
    gone.forEach(rest -> requests.word(KeyDifference.joined(livePrefix, rest)));
    requests.word(Integer.toString(liveKeys.size()));
    requests.word(Integer.toString(changed.size()));
    requests.word(Integer.toString(gone.size()));
    requests.word(Long.toString(next.definition()));
    for (int i = 0; i < liveKeys.size(); i++) {
      requests.word(cursors.live().get(i));
      requests.word(cursors.shadow().get(i));
      requests.word(cursors.histories().get(i));
    }
  }

  private String readCommand() {
    return RowFormat.of(next).redisType().equals("hash") ? "HGETALL" : "GET";
  }

  private static byte[] prefix(PipelinePlan plan) {
    return Objects.requireNonNull(plan.target().keys()).prefix().getBytes(StandardCharsets.UTF_8);
  }
}
