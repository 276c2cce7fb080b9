package dev.millrace.chaos.round;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.millrace.chaos.load.Fold;
import dev.millrace.chaos.load.Load;
import dev.millrace.chaos.load.Log;
import dev.millrace.chaos.platform.Plans;
import dev.millrace.chaos.store.CursorMissing;
import dev.millrace.chaos.store.PostgresServer;
import dev.millrace.chaos.store.RedisServer;
import dev.millrace.chaos.store.Snapshot;
import dev.millrace.outside.Eventually;
import dev.millrace.outside.Rest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** One product with its load, and the three subscriptions to it. */
public final class Scene implements AutoCloseable {
  public static final int PARTITIONS = 4;
  private static final String ADDED = "ColumnsAdded";
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(180);

  private final Site site;
  private final int number;
  private final Rest rest;
  private final Map<String, Object> kafka;
  private final Map<Need, String> uids = new EnumMap<>(Need.class);
  private final Map<Need, Definitions> definitions = new EnumMap<>(Need.class);
  private final Schema schema = new Schema();
  private long seed;
  private Load load;
  private Log log;

  private Scene(Site site, int number, long seed) throws IOException {
    this.site = site;
    this.number = number;
    this.seed = seed;
    this.rest = site.platform().rest();
    this.kafka = site.platform().kafka();
    this.load = new Load(kafka, topic(), seed);
    this.log = new Log(topic(), seed, PARTITIONS);
  }

  /** Returns when all three are ready. */
  static Scene open(Site site, int number, long seed) throws IOException, InterruptedException {
    Scene scene = new Scene(site, number, seed);
    scene.putProduct("");
    for (Need need : Need.values()) {
      scene.ask(need);
    }
    for (Need need : Need.values()) {
      scene.awaitReady(need);
    }
    return scene;
  }

  public Site site() {
    return site;
  }

  /** From 1, another one for each scene of a run. */
  public int number() {
    return number;
  }

  public Load load() {
    return load;
  }

  public Log log() {
    return log;
  }

  Definitions definitions(Need need) {
    return definitions.get(need);
  }

  Fold fold(Need need) {
    return definitions(need).fold();
  }

  /** What it asks for now. */
  public Variant variant(Need need) {
    return definitions(need).variant();
  }

  /** Which of its definitions that is. */
  public long definition(Need need) {
    return definitions(need).present();
  }

  public String uid(Need need) {
    return uids.get(need);
  }

  /** Postgres: the table; Redis: what the keys begin with. */
  public String place(Need need) {
    return need.place(number);
  }

  /** As its plans are called on {@code millrace.definitions}. */
  public String pipeline(Need need) {
    return Site.TENANT + "/" + need.subscription(number);
  }

  public String store(Need need) {
    return Site.TENANT + "/" + (need == Need.HASHES ? Site.HASHES : Site.TABLES);
  }

  // --- over REST ----------------------------------------------------------------------------

  private void putProduct(String more) throws IOException, InterruptedException {
    rest.put(
        "tenants/" + Site.TENANT + "/products/orders-" + number,
        """
        apiVersion: millrace.dev/v1alpha1
        kind: DataProduct
        metadata: {name: orders-%d}
        spec:
          description: Orders under fault
          owner: chaos@example.com
          key: orderId
          topic: {partitions: %d}
        """
                .formatted(number, PARTITIONS)
            + ("schema:\n" + schema.yaml().indent(2) + more).indent(2));
  }

  /** Asks for it anew. It begins where the log begins now. */
  public void ask(Need need) throws IOException, InterruptedException {
    JsonNode made = rest.put(path(need), need.yaml(number, "Running", need.first()));
    uids.put(need, made.at("/metadata/uid").asText());
    definitions.put(need, new Definitions(log, begin(), need.first(), schema));
  }

  public void state(Need need, String state) throws IOException, InterruptedException {
    rest.put(path(need), need.yaml(number, state, variant(need)));
  }

  /**
   * What a subscription stands before has left the log, and it goes on behind that: as the page of
   * {@code HistoryLost} says.
   */
  public void acceptLoss(Need need, long[] from, long[] to)
      throws IOException, InterruptedException {
    fold(need).lose(from, to);
    rest.put(path(need), need.yamlAcceptingLoss(number, variant(need)));
  }

  /** How many offsets the platform says were accepted as lost. */
  public long lost(Need need) throws IOException, InterruptedException {
    long lost = 0;
    for (JsonNode each : status(need).path("lost")) {
      lost += each.path("offsets").asLong();
    }
    return lost;
  }

  /** Asks for other content, or for the same anew. */
  public void become(Need need, Variant variant) throws IOException, InterruptedException {
    definitions(need).become(variant);
    rest.put(path(need), need.yaml(number, "Running", variant));
  }

  /** Asks for the same content in other words. */
  public void restate(Need need, Variant same) throws IOException, InterruptedException {
    definitions(need).restate(same);
    rest.put(path(need), need.yaml(number, "Running", same));
  }

  /** Asks for columns that come to the store, or become wider, where it is. */
  public void alter(Need need, Variant variant) throws IOException, InterruptedException {
    definitions(need).alter(variant, end());
    rest.put(path(need), need.yaml(number, "Running", variant));
  }

  /** The product's schema gets a field, and so does who takes every field and does not object. */
  public String addField() throws IOException, InterruptedException {
    long[] asked = end();
    String name = schema.add();
    for (Need need : followers()) {
      definitions(need).alter(variant(need), asked);
    }
    putProduct("");
    return name;
  }

  /** An integer that was added to the schema becomes a number, for which rows are built anew. */
  public void promoteField() throws IOException, InterruptedException {
    schema.put(schema.integer().orElseThrow(), "number");
    for (Need need : followers()) {
      definitions(need).become(variant(need));
    }
    putProduct("");
  }

  /** A field that was added, is an integer still, and so may be promoted. */
  public Optional<String> addedField() {
    return schema.integer();
  }

  private List<Need> followers() {
    return Arrays.stream(Need.values())
        .filter(
            need -> variant(need).takesEvery() && !"Stop".equals(variant(need).onSchemaChange()))
        .toList();
  }

  /**
   * Takes a field from the schema, which breaks whoever has it.
   *
   * @return its type
   */
  public String dropField(String name) throws IOException, InterruptedException {
    String type = schema.drop(name);
    putProduct("compatibility: None\n");
    return type;
  }

  /** The schema is as before. */
  public void putBackField(String name, String type) throws IOException, InterruptedException {
    schema.put(name, type);
    putProduct("");
  }

  /**
   * A field that went, or that was not to come, comes again: to who has it, and to who follows.
   *
   * @param without who has not got it
   */
  public void addFieldAgain(String name, String type, Set<Need> without)
      throws IOException, InterruptedException {
    long[] asked = end();
    schema.put(name, type);
    for (Need need : without) {
      definitions(need).alter(variant(need), asked);
    }
    putProduct("");
  }

  /**
   * Returns when a store that was to get a field, which went from the schema meanwhile, has it for
   * good or has not, and nobody is at it any more.
   *
   * @return whether it has
   */
  public boolean awaitFieldTakenBack(Need need, String field) throws IOException {
    try (Plans plans = site.platform().plans()) {
      JsonNode[] last = {MissingNode.getInstance()};
      long[] since = {System.nanoTime()};
      Eventually.await(
          need + " has " + field + ", and stops for it, or has not",
          LONG_ENOUGH,
          () -> {
            JsonNode plan = plans.readAll().of(pipeline(need)).orElseThrow();
            boolean stops = reasons(need).contains("SchemaChanged");
            if (!plan.equals(last[0])
                || plan.hasNonNull("holdAt")
                || Definitions.hasColumn(plan, field) != stops) {
              last[0] = plan;
              since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > QUIET.toNanos();
          });
      return definitions(need).takenBack(last[0], field, end());
    }
  }

  /** Whether the schema has got all that there was to add. */
  boolean isUsedUp() {
    return schema.isUsedUp();
  }

  /**
   * Returns when the store has taken on what was asked for last. Since which offsets its columns
   * are what they are is known then.
   */
  public void awaitAltered(Need need) throws IOException {
    awaitAltered(need, Definitions::learn);
  }

  /** Returns when the store has taken on once more what it had already, since the same offsets. */
  public void awaitAlteredAgain(Need need) throws IOException {
    awaitAltered(need, (definitions, plan, end) -> definitions.requireUnchanged(plan));
  }

  private interface Learning {
    void of(Definitions definitions, JsonNode plan, long[] end);
  }

  private void awaitAltered(Need need, Learning learning) throws IOException {
    Eventually.await(
        need + " is altered, as definition " + definition(need),
        LONG_ENOUGH,
        () -> {
          JsonNode status = status(need);
          return !status.has("rebuild")
              && ofPartitions(status, "definition").equals(Set.of("" + definition(need)))
              && condition(status, "SchemaCompatible").path("reason").asText().equals(ADDED)
              && condition(status, "Degraded").path("status").asText().equals("False");
        });
    try (Plans plans = site.platform().plans()) {
      learning.of(definitions(need), plans.readAll().of(pipeline(need)).orElseThrow(), end());
    }
    Eventually.await(need + " says since when", LONG_ENOUGH, () -> saysSinceWhen(need));
  }

  /** To people, in a condition's words. */
  private boolean saysSinceWhen(Need need) throws IOException, InterruptedException {
    String message = condition(status(need), "SchemaCompatible").path("message").asText();
    return definitions(need).since().entrySet().stream()
        .allMatch(each -> {
          Map<Integer, Long> offsets = new TreeMap<>();
          for (int p = 0; p < PARTITIONS; p++) {
            offsets.put(p, each.getValue()[p]);
          }
          return message.contains("'" + each.getKey() + "'") && message.contains("" + offsets);
        });
  }

  private static JsonNode condition(JsonNode status, String type) {
    for (JsonNode each : status.path("conditions")) {
      if (each.path("type").asText().equals(type)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  /** Returns when what was asked for last is there, and nothing is built any more. */
  public void awaitRebuilt(Need need) {
    Eventually.await(
        need + " is built anew, as definition " + definition(need),
        LONG_ENOUGH,
        () -> {
          JsonNode status = status(need);
          return !status.has("rebuild")
              && ofPartitions(status, "definition").equals(Set.of("" + definition(need)));
        });
  }

  /** Takes back what was asked for last, while it is being built. */
  public void takeBack(Need need) throws IOException, InterruptedException {
    definitions(need).takeBack();
    rest.put(path(need), need.yaml(number, "Running", variant(need)));
  }

  /**
   * Returns when the content is as before, and nothing is built any more.
   *
   * @return whether it was in time: then nothing else was ever to be seen
   */
  public boolean awaitTakenBack(Need need) throws IOException, InterruptedException {
    Definitions mine = definitions(need);
    long[] found = new long[1];
    Eventually.await(
        need + " is as before",
        LONG_ENOUGH,
        () -> {
          JsonNode object = rest.get(path(need)).body();
          JsonNode status = object.path("status");
          Set<String> running = ofPartitions(status, "definition");
          found[0] = running.size() == 1 ? Long.parseLong(running.iterator().next()) : 0;
          return object.at("/metadata/generation").asLong()
                  == status.path("observedGeneration").asLong()
              && !status.has("rebuild")
              && mine.isBack(found[0]);
        });
    boolean inTime = found[0] == mine.present();
    mine.settle(found[0]);
    return inTime;
  }

  /** What the platform says of a rebuild; missing while there is none. */
  public JsonNode rebuild(Need need) throws IOException, InterruptedException {
    return status(need).path("rebuild");
  }

  private JsonNode status(Need need) throws IOException, InterruptedException {
    return rest.get(path(need)).body().path("status");
  }

  /** Returns when nothing of it is left. */
  public void withdraw(Need need) throws IOException, InterruptedException {
    rest.delete(path(need));
    Eventually.await(need + " is gone", LONG_ENOUGH, () -> rest.get(path(need)).status() == 404);
  }

  public void awaitReady(Need need) {
    Eventually.await(
        need + " is ready",
        LONG_ENOUGH,
        () -> {
          return condition(status(need), "Ready").path("status").asText().equals("True");
        });
  }

  /** What is wrong with it, by the conditions' and partitions' reasons. */
  public Set<String> reasons(Need need) throws IOException, InterruptedException {
    JsonNode status = rest.get(path(need)).body().path("status");
    Set<String> reasons = new TreeSet<>();
    for (JsonNode each : status.path("conditions")) {
      if (each.path("type").asText().equals("Degraded")
          && each.path("status").asText().equals("True")) {
        reasons.add(each.path("reason").asText());
      }
    }
    return reasons;
  }

  public void awaitNothingWrong(Need need) {
    Eventually.await(
        need + " says that nothing is wrong",
        LONG_ENOUGH,
        () ->
            condition(status(need), "Degraded").path("status").asText().equals("False")
                && condition(status(need), "SchemaCompatible")
                    .path("status")
                    .asText()
                    .equals("True"));
  }

  /** The named condition has to be there in time. */
  public Duration awaitReason(Need need, String reason, Duration within) {
    return Eventually.await(need + " says " + reason, within, () -> reasons(need).contains(reason));
  }

  /** What its partitions are doing, as their workers say. */
  public Set<String> phases(Need need) throws IOException, InterruptedException {
    return ofPartitions(need, "phase");
  }

  /** Which workers have partitions of it. */
  public Set<String> workers(Need need) throws IOException, InterruptedException {
    return ofPartitions(need, "worker");
  }

  private Set<String> ofPartitions(Need need, String field)
      throws IOException, InterruptedException {
    return ofPartitions(status(need), field);
  }

  private static Set<String> ofPartitions(JsonNode status, String field) {
    Set<String> values = new TreeSet<>();
    for (JsonNode each : status.path("partitions")) {
      values.add(each.path(field).asText());
    }
    return values;
  }

  /** Has its store compared with its stream; the result of that, see docs/verify.md. */
  JsonNode verify(Need need) throws IOException, InterruptedException {
    String verification = rest.post(path(need) + "/verifications");
    Eventually.await(
        "the verification of " + need + " ends",
        LONG_ENOUGH,
        () -> !rest.get(verification).body().path("state").asText().equals("Running"));
    JsonNode ended = rest.get(verification).body();
    if (!ended.path("state").asText().equals("Done")) {
      throw new IllegalStateException("the verification of " + need + " failed: " + ended);
    }
    return ended.path("result");
  }

  // --- in the log ---------------------------------------------------------------------------

  public long[] end() {
    return offsets(OffsetSpec.latest());
  }

  private long[] begin() {
    return offsets(OffsetSpec.earliest());
  }

  /** Reads what was published, and sees that the broker kept its promise. */
  public void readLog() {
    // Asked before the log, for the load may be running.
    Map<Long, Load.Place> acknowledged = load.acknowledged();
    log.readTo(kafka, end());
    log.check(acknowledged);
  }

  /** The topic is another one from here on, with events of its own, and empty. */
  public void recreateTopic() throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      admin.deleteTopics(List.of(topic())).all().get(30, TimeUnit.SECONDS);
      Eventually.await(
          "the topic is made anew",
          Duration.ofSeconds(120),
          () -> {
            NewTopic fresh = new NewTopic(topic(), PARTITIONS, (short) 1);
            admin.createTopics(List.of(fresh)).all().get(10, TimeUnit.SECONDS);
            return true;
          });
      // Or a producer's first batch may be refused and its second taken.
      Eventually.await(
          "the topic is served",
          Duration.ofSeconds(120),
          () -> {
            end();
            return true;
          });
    }
    load.close();
    seed++;
    load = new Load(kafka, topic(), seed);
    log = new Log(topic(), seed, PARTITIONS);
  }

  /** Forgets all events before these offsets. */
  public void deleteBefore(long[] offsets) throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      admin
          .deleteRecords(
              IntStream.range(0, PARTITIONS)
                  .boxed()
                  .collect(
                      Collectors.toMap(
                          this::partition, p -> RecordsToDelete.beforeOffset(offsets[p]))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  // --- in the stores ------------------------------------------------------------------------

  public long[] cursors(Need need)
      throws SQLException, IOException, CursorMissing, InterruptedException {
    if (need != Need.HASHES) {
      return Arrays.stream(site.postgres().cursors(uid(need), PARTITIONS))
          .mapToLong(Snapshot.Cursor::next)
          .toArray();
    }
    return snapshot(need).next();
  }

  Snapshot snapshot(Need need) throws SQLException, IOException, CursorMissing {
    if (need == Need.HASHES) {
      try (RedisServer.Observer observer = site.redis().observer()) {
        return snapshot(observer);
      }
    }
    try (Connection connection = site.postgres().connect()) {
      return snapshot(connection, PostgresServer.Order.CURSORS_FIRST);
    }
  }

  Snapshot snapshot(RedisServer.Observer observer) throws IOException, CursorMissing {
    return observer.snapshot(store(Need.HASHES), uid(Need.HASHES), place(Need.HASHES), PARTITIONS);
  }

  Snapshot snapshot(Connection connection, PostgresServer.Order order)
      throws SQLException, CursorMissing {
    return PostgresServer.snapshot(
        connection, uid(Need.TABLE), place(Need.TABLE), PARTITIONS, order);
  }

  PostgresServer.Tally tally(Connection connection, PostgresServer.Order order)
      throws SQLException, CursorMissing {
    return PostgresServer.tally(
        connection, uid(Need.JOURNAL), place(Need.JOURNAL), PARTITIONS, order);
  }

  /** Publishes until the log has so many events, and waits until all have them. */
  public void haveHistory(long events) {
    long there = Arrays.stream(end()).sum();
    if (there < events) {
      load.publish(events - there);
      awaitPast(EnumSet.allOf(Need.class), end());
    }
  }

  /** Cursors of pipelines by their uid, in the store of one subscription, again and again. */
  public interface Cursors extends AutoCloseable {
    /** By partition; empty when there are none. */
    Map<Integer, Snapshot.Cursor> of(String uid) throws SQLException, IOException;

    @Override
    void close() throws IOException;
  }

  public Cursors watchCursors(Need need) throws SQLException, IOException {
    return need == Need.HASHES
        ? new HashesCursors(site.redis().observer(), store(need))
        : new TableCursors(site.postgres().connect());
  }

  private record HashesCursors(RedisServer.Observer redis, String store) implements Cursors {
    @Override
    public Map<Integer, Snapshot.Cursor> of(String uid) throws IOException {
      return redis.someCursors(store, uid, PARTITIONS);
    }

    @Override
    public void close() throws IOException {
      redis.close();
    }
  }

  private record TableCursors(Connection postgres) implements Cursors {
    @Override
    public Map<Integer, Snapshot.Cursor> of(String uid) throws SQLException {
      return PostgresServer.someCursors(postgres, uid);
    }

    @Override
    public void close() throws IOException {
      try {
        postgres.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }

  /** In words, definition and offset of each partition's cursor. */
  public String standing() throws SQLException, IOException {
    Map<Need, List<String>> standing = new EnumMap<>(Need.class);
    for (Need need : Need.values()) {
      try (Cursors cursors = watchCursors(need)) {
        standing.put(
            need,
            cursors.of(uid(need)).values().stream()
                .map(cursor -> cursor.definition() + ":" + cursor.next())
                .toList());
      }
    }
    return standing.toString();
  }

  /** What the stores have of rebuilds, in words. */
  public List<String> inStoresOfRebuilds() throws SQLException, IOException {
    List<String> left = new ArrayList<>(site.postgres().ofRebuilds());
    left.addAll(site.redis().ofRebuilds());
    return left;
  }

  /** The same, and what {@code millrace.definitions} has. */
  List<String> ofRebuilds() throws SQLException, IOException {
    List<String> left = inStoresOfRebuilds();
    try (Plans plans = site.platform().plans()) {
      left.addAll(plans.readAll().shadows());
    }
    return left;
  }

  /** Returns when the cursors of these have passed these offsets. */
  public Duration awaitPast(Set<Need> needs, long[] offsets) {
    long begun = System.nanoTime();
    for (Need need : needs) {
      Eventually.await(
          need + " has passed " + Arrays.toString(offsets),
          LONG_ENOUGH,
          () -> passed(cursors(need), offsets));
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  static boolean passed(long[] cursors, long[] offsets) {
    return IntStream.range(0, offsets.length).allMatch(p -> cursors[p] >= offsets[p]);
  }

  /** Takes all of it away again, as far as it is there. */
  @Override
  public void close() {
    load.close();
    for (Need need : Need.values()) {
      try {
        rest.delete(path(need));
      } catch (IOException | IllegalStateException e) {
        // A store that was lost cannot be cleaned; the run's directory goes as a whole.
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private String topic() {
    return Site.TENANT + ".orders-" + number;
  }

  private String path(Need need) {
    return "tenants/" + Site.TENANT + "/subscriptions/" + need.subscription(number);
  }

  private TopicPartition partition(int partition) {
    return new TopicPartition(topic(), partition);
  }

  private long[] offsets(OffsetSpec spec) {
    try (Admin admin = Admin.create(kafka)) {
      Map<TopicPartition, ListOffsetsResultInfo> found =
          admin
              .listOffsets(
                  IntStream.range(0, PARTITIONS)
                      .boxed()
                      .collect(Collectors.toMap(this::partition, p -> spec)))
              .all()
              .get(60, TimeUnit.SECONDS);
      return IntStream.range(0, PARTITIONS)
          .mapToLong(p -> found.get(partition(p)).offset())
          .toArray();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (Exception e) {
      throw new IllegalStateException("Kafka does not say where " + topic() + " ends", e);
    }
  }
}
