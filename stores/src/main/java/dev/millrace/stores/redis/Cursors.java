package dev.millrace.stores.redis;

import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.status.Counts;
import dev.millrace.needs.plan.Alterations;
import dev.millrace.stores.Batch;
import dev.millrace.stores.Cursor;
import dev.millrace.stores.Definitions;
import dev.millrace.stores.StoreProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cursors of one subscription, one hash for each partition. */
final class Cursors {
  /** Beyond every offset, and exact as the numbers of a script are. */
  private static final long NO_END = 1L << 53;

  /**
   * KEYS cursors; ARGV cluster, topic, definition, then an offset for each cursor. A newer
   * definition is noted with the offset from which it applies.
   */
  private static final String CREATE =
      """
      for i, key in ipairs(KEYS) do
        local was = redis.call('HMGET', key, 'next_offset', 'definition', 'definitions')
        local version = ARGV[3]
        if not was[1] then
          local start = ARGV[3 + i]
          redis.call('HSET', key, 'next_offset', start, 'leader_epoch', '',
            'cluster_id', ARGV[1], 'topic_id', ARGV[2],
            'definition', version, 'definitions', version .. '@' .. start,
            'owner', '', 'connection', '',
            'read', '0', 'applied', '0', 'filtered', '0', 'dead_lettered', '0', 'skipped', '0')
        elseif tonumber(was[2]) < tonumber(version) then
          redis.call('HSET', key, 'definition', version,
            'definitions', was[3] .. ' ' .. version .. '@' .. was[1])
        end
      end
      """;

  /**
   * KEYS cursors; ARGV topic, new owner, new owner's connection, definition. Answers with 'taken'
   * and the connections of the owners before, or with what is wrong and at which of the cursors.
   */
  private static final String TAKE =
      """
      for i, key in ipairs(KEYS) do
        local has = redis.call('HMGET', key, 'topic_id', 'definition')
        if not has[1] then return {'lost', i} end
        if has[1] ~= ARGV[1] then return {'recreated', i} end
        if has[2] ~= ARGV[4] then return {'definition', has[2]} end
      end
      local answer = {'taken'}
      for i, key in ipairs(KEYS) do
        answer[1 + i] = redis.call('HMGET', key, 'connection')[1]
        redis.call('HSET', key, 'owner', ARGV[2], 'connection', ARGV[3])
      end
      return answer
      """;

  /**
   * KEYS cursors; ARGV topic, definition, the definition that its content was built with, then for
   * each cursor the offset that it may not be beyond. Answers with 'altered', or with what is wrong
   * and at which of the cursors. All is looked at before the first write, and only that can be
   * refused for lack of memory.
   */
  private static final String ALTER =
      """
      local next, built = tonumber(ARGV[2]), tonumber(ARGV[3])
      for i, key in ipairs(KEYS) do
        local at = redis.call('HMGET', key, 'topic_id', 'definition', 'next_offset')
        if not at[1] then return {'lost', i} end
        if at[1] ~= ARGV[1] then return {'recreated', i} end
        local stands = tonumber(at[2])
        if stands > next or stands < built then return {'definition', at[2]} end
        if stands < next and tonumber(at[3]) > tonumber(ARGV[3 + i]) then
          return {'behind', i, at[3]}
        end
      end
      for i, key in ipairs(KEYS) do
        local was = redis.call('HMGET', key, 'definition', 'definitions')
        if tonumber(was[1]) < next then
          redis.call('HSET', key, 'definition', ARGV[2],
            'definitions', was[2] .. ' ' .. ARGV[2] .. '@' .. ARGV[3 + i])
        end
      end
      return {'altered'}
      """;

  private final PipelinePlan plan;
  private final Bookkeeping bookkeeping;

  Cursors(PipelinePlan plan) {
    this.plan = plan;
    this.bookkeeping = new Bookkeeping(plan.target().store());
  }

  String key(int partition) {
    return bookkeeping.cursor(plan, partition);
  }

  /** In one step, at the plan's start, where there is none yet. */
  void create(Connection connection) throws StoreProblem {
    List<Integer> partitions = List.copyOf(plan.start().keySet());
    List<String> arguments = new ArrayList<>();
    arguments.add(plan.source().clusterId());
    arguments.add(plan.source().topicId());
    arguments.add(Long.toString(plan.definition()));
    partitions.forEach(partition -> arguments.add(plan.start().get(partition).toString()));
    connection.ask(script(CREATE, partitions, arguments));
  }

  /**
   * Makes one the owner.
   *
   * @return the connections of the owners before
   */
  List<String> take(
      Connection connection, List<Integer> partitions, String owner, String ownersConnection)
      throws StoreProblem {
    List<String> arguments =
        List.of(plan.source().topicId(), owner, ownersConnection, Long.toString(plan.definition()));
    List<Reply> answer = connection.ask(script(TAKE, partitions, arguments)).items();
    switch (answer.get(0).text()) {
      case "lost" -> throw lost(partition(partitions, answer));
      case "recreated" -> throw recreated(plan, partition(partitions, answer));
      case "definition" -> Definitions.require(plan, definition(answer));
      default -> {
        return answer.stream().skip(1).map(Reply::text).toList();
      }
    }
    throw new IllegalStateException("an answer that means nothing: " + answer);
  }

  /** Has them take on the plan's definition, where none is beyond what changes with it. */
  void alter(Connection connection) throws StoreProblem {
    List<Integer> partitions = List.copyOf(plan.start().keySet());
    Map<Integer, Long> nobodyBeyond = Alterations.nobodyBeyond(plan);
    List<String> arguments = new ArrayList<>();
    arguments.add(plan.source().topicId());
    arguments.add(Long.toString(plan.definition()));
    arguments.add(Long.toString(plan.builtAt()));
    partitions.forEach(
        partition -> arguments.add(Long.toString(nobodyBeyond.getOrDefault(partition, NO_END))));
    List<Reply> answer = connection.ask(script(ALTER, partitions, arguments)).items();
    switch (answer.get(0).text()) {
      case "altered" -> {
        // As it should be.
      }
      case "lost" -> throw lost(partition(partitions, answer));
      case "recreated" -> throw recreated(plan, partition(partitions, answer));
      case "definition" -> Definitions.requireAlterable(plan, definition(answer));
      default ->
          throw Definitions.alterBehind(
              plan, partition(partitions, answer), Long.parseLong(answer.get(2).text()));
    }
  }

  private static int partition(List<Integer> partitions, List<Reply> answer) {
    return partitions.get((int) answer.get(1).number() - 1);
  }

  private static long definition(List<Reply> answer) {
    return Long.parseLong(answer.get(1).text());
  }

  /** Asks for cursors; an answer for each comes, to be understood by {@link #cursor}. */
  void request(Requests requests, Collection<Integer> partitions) throws IOException {
    for (int partition : partitions) {
      requests.command("HGETALL", key(partition));
    }
  }

  /** Empty when there is none. */
  static Optional<Cursor> cursor(int partition, Reply hash) {
    Map<String, String> fields = hash.fields();
    return fields.isEmpty() ? Optional.empty() : Optional.of(cursor(partition, fields));
  }

  /** Writes where a cursor stands after a batch; whoever calls made sure where it stood before. */
  void move(Requests requests, Cursor was, Batch.Move move) throws IOException {
    Counts counts = was.counts().plus(move.delta());
    Optional<Integer> epoch = move.to() == move.from() ? was.leaderEpoch() : move.leaderEpoch();
    requests.command(
        "HSET",
        key(move.partition()),
        "next_offset",
        Long.toString(move.to()),
        "leader_epoch",
        epoch.map(Object::toString).orElse(""),
        "read",
        Long.toString(counts.read()),
        "applied",
        Long.toString(counts.applied()),
        "filtered",
        Long.toString(counts.filtered()),
        "dead_lettered",
        Long.toString(counts.deadLettered()),
        "skipped",
        Long.toString(counts.skipped()));
  }

  StoreProblem lost(int partition) {
    return new StoreProblem(
        "StoreLost",
        "the store has no cursor for partition " + partition + " of " + plan.subscription(),
        "If its data was lost, delete the subscription and make it anew: it loads its history"
            + " again.",
        false);
  }

  static StoreProblem recreated(PipelinePlan plan, int partition) {
    return new StoreProblem(
        "SourceRecreated",
        "the cursor for partition "
            + partition
            + " of "
            + plan.subscription()
            + " was made for an earlier topic of the name "
            + plan.source().topic(),
        "Delete the subscription and make it anew, so that it loads the new topic from the start.",
        false);
  }

  private String[] script(String script, List<Integer> partitions, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add("EVAL");
    words.add(script);
    words.add(Integer.toString(partitions.size()));
    partitions.forEach(partition -> words.add(key(partition)));
    words.addAll(arguments);
    return words.toArray(String[]::new);
  }

  private static Cursor cursor(int partition, Map<String, String> fields) {
    String epoch = fields.getOrDefault("leader_epoch", "");
    return new Cursor(
        partition,
        count(fields, "next_offset"),
        epoch.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(epoch)),
        fields.getOrDefault("cluster_id", ""),
        fields.getOrDefault("topic_id", ""),
        count(fields, "definition"),
        fields.getOrDefault("owner", ""),
        new Counts(
            count(fields, "read"),
            count(fields, "applied"),
            count(fields, "filtered"),
            count(fields, "dead_lettered"),
            count(fields, "skipped")));
  }

  private static long count(Map<String, String> fields, String name) {
    return Long.parseLong(fields.getOrDefault(name, "0"));
  }
}
