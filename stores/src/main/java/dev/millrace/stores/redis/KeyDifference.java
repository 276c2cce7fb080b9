package dev.millrace.stores.redis;

import dev.millrace.stores.StoreProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Which keys of a live key space differ from those of a shadow at rest. The server compares: no
 * value comes here. It does so in portions that take it some milliseconds each, whatever the values
 * are like.
 */
final class KeyDifference {

  /**
   * KEYS pairs; ARGV the command that reads a value. Answers 1 for each pair that differs in value
   * or expiry. Time may pass between two commands of a script (it does in 6.2), so an expiry is the
   * same only where the first of a pair says the same before and after the second.
   */
  private static final String COMPARE =
      """
      local function same(a, b)
        local x, y = redis.pcall(ARGV[1], a), redis.pcall(ARGV[1], b)
        if type(x) ~= type(y) then return false end
        if type(x) ~= 'table' then
          if x ~= y then return false end
        else
          if x.err or y.err or #x ~= #y then return false end
          local fields = {}
          for i = 1, #x, 2 do fields[x[i]] = x[i + 1] end
          for i = 1, #y, 2 do
            if fields[y[i]] ~= y[i + 1] then return false end
          end
        end
        for attempt = 1, 3 do
          local before, other = redis.call('PTTL', a), redis.call('PTTL', b)
          if before == redis.call('PTTL', a) then return before == other end
        end
        return false
      end
      local answer = {}
      for i = 1, #KEYS, 2 do
        answer[#answer + 1] = same(KEYS[i], KEYS[i + 1]) and 0 or 1
      end
      return answer
      """;

  /** KEYS pairs. Answers 1 for each of which the first is not there. */
  private static final String MISSING =
      """
      local answer = {}
      for i = 1, #KEYS, 2 do
        answer[#answer + 1] = redis.call('PTTL', KEYS[i]) == -2 and 1 or 0
      end
      return answer
      """;

  private static final int MOST_AT_ONCE = 500;
  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Connection connection;
  private final String readCommand;
  private final byte[] shadowPrefix;
  private final byte[] livePrefix;
  private final Set<ByteBuffer> changed = new LinkedHashSet<>();
  private final Set<ByteBuffer> gone = new LinkedHashSet<>();
  private int atOnce = 10;

  /**
   * @param readCommand HGETALL or GET
   */
  KeyDifference(Connection connection, String readCommand, byte[] shadowPrefix, byte[] livePrefix) {
    this.connection = connection;
    this.readCommand = readCommand;
    this.shadowPrefix = shadowPrefix;
    this.livePrefix = livePrefix;
  }

  /** Ends early when there are more than so many. */
  void find(int most) throws StoreProblem {
    find(shadowPrefix, COMPARE, changed, most);
    find(livePrefix, MISSING, gone, most);
  }

  int size() {
    return changed.size() + gone.size();
  }

  /** The rests of keys, behind their prefix, that are to be those of the shadow. */
  List<byte[]> changed() {
    return rests(changed);
  }

  /** The rests of live keys that the shadow does not have. */
  List<byte[]> gone() {
    return rests(gone);
  }

  private static List<byte[]> rests(Set<ByteBuffer> keys) {
    return keys.stream().map(ByteBuffer::array).toList();
  }

  private void find(byte[] prefix, String script, Set<ByteBuffer> found, int most)
      throws StoreProblem {
    KeySpace keys = new KeySpace(connection, new String(prefix, StandardCharsets.UTF_8));
    ArrayDeque<byte[]> pending = new ArrayDeque<>();
    String place = "0";
    do {
      place =
          keys.keysFrom(
              place, key -> pending.add(Arrays.copyOfRange(key, prefix.length, key.length)));
      while (!pending.isEmpty() && size() <= most) {
        List<byte[]> some = new ArrayList<>();
        while (some.size() < atOnce && !pending.isEmpty()) {
          some.add(pending.poll());
        }
        ask(script, some, found);
      }
    } while (!place.equals("0") && size() <= most);
  }

  /** A key that the server hands over twice is found once: the keys are a set. */
  private void ask(String script, List<byte[]> rests, Set<ByteBuffer> found) throws StoreProblem {
    long begun = System.nanoTime();
    Requests requests = connection.requests();
    try {
      requests.command(4 + 2 * rests.size());
      requests.word("EVAL");
      requests.word(script);
      requests.word(Integer.toString(2 * rests.size()));
      for (byte[] rest : rests) {
        requests.word(joined(shadowPrefix, rest));
        requests.word(joined(livePrefix, rest));
      }
      requests.word(readCommand);
    } catch (IOException e) {
      throw connection.problems().lost(e);
    }
    List<Reply> answers = connection.readOk().items();
    if (answers.size() != rests.size()) {
      throw connection.problems().refused("a script left out answers");
    }
    for (int i = 0; i < rests.size(); i++) {
      if (answers.get(i).number() == 1) {
        found.add(ByteBuffer.wrap(rests.get(i)));
      }
    }
    adapt(System.nanoTime() - begun);
  }

  private void adapt(long took) {
    if (took < QUICK_NANOS) {
      atOnce = Math.min(MOST_AT_ONCE, 2 * atOnce);
    } else if (took > SLOW_NANOS) {
      atOnce = Math.max(1, atOnce / 2);
    }
  }

  static byte[] joined(byte[] prefix, byte[] rest) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, key, prefix.length, rest.length);
    return key;
  }
}
