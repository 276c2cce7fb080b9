package dev.millrace.needs.check;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.api.store.StoreSpec;
import dev.millrace.api.subscription.DataSubscriptionSpec.Redis;
import dev.millrace.api.subscription.DataSubscriptionSpec.StoreRequest;
import dev.millrace.api.subscription.DataSubscriptionSpec.Table;
import dev.millrace.needs.name.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From {@code spec.store} to a Store and its table or keys. */
final class StoreCheck {
  private static final int LONGEST_TEMPLATE = 500;

  private final ObjectKey subscription;
  private final Surroundings around;
  private final Findings findings;

  StoreCheck(ObjectKey subscription, Surroundings around, Findings findings) {
    this.subscription = subscription;
    this.around = around;
    this.findings = findings;
  }

  record Result(
      Optional<ObjectKey> store,
      Optional<String> newClass,
      Optional<String> engine,
      Optional<PipelinePlan.Table> table,
      Optional<PipelinePlan.Keys> keys,
      String reclaimPolicy) {}

  /**
   * @param columnsKnown false when the columns could not be made out, so nothing is said of them
   */
  Result check(
      @Nullable StoreRequest request,
      String mode,
      List<PipelinePlan.Column> columns,
      boolean columnsKnown) {
    if (request == null) {
      findings.add(
          "/spec/store",
          "Missing",
          "a subscription says where to keep the events",
          "Write store: {class: postgres-embedded}, or name a Store of the tenant.");
      return new Result(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          "Retain");
    }
    String reclaim =
        findings.oneOf(
            "/spec/store/reclaimPolicy",
            request.reclaimPolicy(),
            List.of("Retain", "Delete"),
            "Retain");
    Place place = place(request);
    if (place.engine().isEmpty()) {
      return new Result(
          place.store(),
          place.newClass(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          reclaim);
    }
    boolean postgres = place.engine().get().equals("Postgres");
    notTogether(request, postgres);
    return new Result(
        place.store(),
        place.newClass(),
        place.engine(),
        postgres ? Optional.of(table(request.table(), columns, columnsKnown)) : Optional.empty(),
        postgres ? Optional.empty() : keys(request.redis(), mode, columns, columnsKnown),
        reclaim);
  }

  private record Place(
      Optional<ObjectKey> store, Optional<String> newClass, Optional<String> engine) {
    static final Place NOWHERE = new Place(Optional.empty(), Optional.empty(), Optional.empty());
  }

  private Place place(StoreRequest request) {
    if ((request.storeClass() == null) == (request.name() == null)) {
      findings.add(
          "/spec/store",
          "ExactlyOne",
          "a store is given by exactly one of 'class' and 'name'",
          "Use class for a store of its own, name for a Store that is there.");
      return Place.NOWHERE;
    }
    return request.storeClass() != null ? byClass(request.storeClass()) : byName(request.name());
  }

  private Place byClass(String name) {
    StoreClassSpec offer = around.classes().get(name);
    if (offer == null) {
      findings.add(
          "/spec/store/class",
          "UnknownStoreClass",
          "there is no store class '" + ColumnCheck.abbreviated(name) + "'",
          Findings.didYouMean(ColumnCheck.abbreviated(name), around.classes().keySet())
              .orElse("Offered are: " + String.join(", ", around.classes().keySet()) + "."));
      return Place.NOWHERE;
    }
    if (offer.engine() == null) {
      findings.add(
          "/spec/store/class",
          "StoreNeedsConnection",
          "a store of the class '" + name + "' is declared with its connection first",
          "PUT /api/v1/tenants/"
              + subscription.tenant()
              + "/stores/NAME with a connection, then write store: {name: NAME}.");
      return Place.NOWHERE;
    }
    // A store made along with an earlier version of this subscription is its own.
    boolean taken = around.stores().containsKey(subscription) && around.before().isEmpty();
    if (taken) {
      findings.add(
          "/spec/store/class",
          "StoreNameTaken",
          "the tenant has a Store named '" + subscription.name() + "' already",
          "Write store: {name: " + subscription.name() + "} to use it, or choose another name.");
    }
    return new Place(Optional.of(subscription), Optional.of(name), Optional.of(offer.engine()));
  }

  private Place byName(String name) {
    ObjectKey key = new ObjectKey(subscription.tenant(), name);
    StoreSpec store = around.stores().get(key);
    if (store == null) {
      findings.add(
          "/spec/store/name",
          "UnknownStore",
          "the tenant has no Store '" + ColumnCheck.abbreviated(name) + "'",
          Findings.didYouMean(
                  ColumnCheck.abbreviated(name),
                  around.stores().keySet().stream()
                      .map(ObjectKey::name)
                      .collect(Collectors.toSet()))
              .orElse("Declare it first, or use a class."));
      return Place.NOWHERE;
    }
    String engine =
        store.connection() != null
            ? store.connection().engine()
            : Optional.ofNullable(store.storeClass())
                .map(around.classes()::get)
                .map(StoreClassSpec::engine)
                .orElse(null);
    return new Place(Optional.of(key), Optional.empty(), Optional.ofNullable(engine));
  }

  private void notTogether(StoreRequest request, boolean postgres) {
    if (postgres && request.redis() != null) {
      findings.add(
          "/spec/store/redis",
          "NotTogether",
          "'redis' says how to keep events in Redis, and this store is Postgres",
          "Remove it, or choose a Redis store.");
    }
    if (!postgres && request.table() != null) {
      findings.add(
          "/spec/store/table",
          "NotTogether",
          "'table' says how to keep events in Postgres, and this store is Redis",
          "Remove it, or choose a Postgres store.");
    }
  }

  private PipelinePlan.Table table(
      @Nullable Table table, List<PipelinePlan.Column> columns, boolean columnsKnown) {
    String name =
        table == null || table.name() == null
            ? Names.identifierFrom(subscription.name())
            : table.name();
    String schema = table == null || table.schema() == null ? "public" : table.schema();
    identifier("/spec/store/table/name", name, "a table's");
    identifier("/spec/store/table/schema", schema, "a schema's");
    if (schema.equals("millrace") || schema.startsWith("pg_")) {
      findings.add(
          "/spec/store/table/schema",
          "NameReserved",
          "the schema '" + schema + "' is reserved",
          "Use public or a schema of your own.");
    }
    List<List<String>> indexes = new ArrayList<>();
    List<List<String>> wanted =
        table == null || table.indexes() == null ? List.of() : table.indexes();
    for (int i = 0; i < wanted.size(); i++) {
      index("/spec/store/table/indexes/" + i, wanted.get(i), columns, columnsKnown)
          .ifPresent(indexes::add);
    }
    return new PipelinePlan.Table(schema, name, indexes);
  }

  private Optional<List<String>> index(
      String pointer,
      @Nullable List<String> index,
      List<PipelinePlan.Column> columns,
      boolean columnsKnown) {
    if (index == null || index.isEmpty() || index.size() > 32 || index.contains(null)) {
      findings.add(
          pointer,
          "OutOfRange",
          "an index is a list of 1 to 32 column names",
          "Write indexes: [[email], [country, total]].");
      return Optional.empty();
    }
    List<String> names = columns.stream().map(PipelinePlan.Column::name).toList();
    if (columnsKnown) {
      for (String column : index) {
        if (!names.contains(column)) {
          findings.add(
              pointer,
              "UnknownColumn",
              "'" + ColumnCheck.abbreviated(column) + "' is not a column of the selection",
              Findings.didYouMean(ColumnCheck.abbreviated(column), names)
                  .orElse("Indexes name columns, after renaming."));
        }
      }
    }
    return Optional.of(List.copyOf(index));
  }

  private void identifier(String pointer, String name, String whose) {
    if (!Names.isIdentifier(name)) {
      findings.add(
          pointer,
          "InvalidName",
          "'" + ColumnCheck.abbreviated(name) + "' cannot be " + whose + " name",
          "Use at most 63 letters, digits and underscores, beginning with a letter.");
    }
  }

  private Optional<PipelinePlan.Keys> keys(
      @Nullable Redis redis, String mode, List<PipelinePlan.Column> columns, boolean columnsKnown) {
    if (mode.equals("Append")) {
      findings.add(
          "/spec/mode",
          "AppendNeedsTable",
          "Append keeps every event as a row, and Redis has no rows to append",
          "Use Upsert, or a Postgres store.");
      return Optional.empty();
    }
    String structure =
        findings.oneOf(
            "/spec/store/redis/structure",
            redis == null ? null : redis.structure(),
            List.of("Hash", "Json"),
            "Hash");
    Optional<Duration> ttl = ttl(redis);
    List<String> keyColumns =
        columns.stream().filter(PipelinePlan.Column::key).map(PipelinePlan.Column::name).toList();
    if (!columnsKnown || keyColumns.isEmpty()) {
      return Optional.empty();
    }
    String template =
        redis == null || redis.key() == null
            ? subscription.tenant() + "." + subscription.name() + ":{" + keyColumns.get(0) + "}"
            : redis.key();
    return template(template, keyColumns, columns)
        .map(parsed ->
            new PipelinePlan.Keys(
                structure, template, parsed.prefix(), ttl.map(Duration::toSeconds).orElse(null)));
  }

  private Optional<Duration> ttl(@Nullable Redis redis) {
    if (redis == null || redis.ttl() == null) {
      return Optional.empty();
    }
    Optional<Duration> ttl = Durations.parse(redis.ttl());
    if (ttl.isEmpty()) {
      findings.add(
          "/spec/store/redis/ttl",
          "InvalidDuration",
          "'" + ColumnCheck.abbreviated(redis.ttl()) + "' is no length of time",
          "Write 24h or 30d; leave it out to keep keys.");
    }
    return ttl;
  }

  private Optional<KeyTemplate> template(
      String text, List<String> keyColumns, List<PipelinePlan.Column> columns) {
    String pointer = "/spec/store/redis/key";
    Optional<KeyTemplate> parsed = KeyTemplate.parse(text);
    if (parsed.isEmpty() || text.length() > LONGEST_TEMPLATE || !printable(text)) {
      findings.add(
          pointer,
          "InvalidTemplate",
          "'" + ColumnCheck.abbreviated(text) + "' is no key template",
          "Write a text with one column in braces, such as order:{" + keyColumns.get(0) + "}.");
      return Optional.empty();
    }
    List<String> names = columns.stream().map(PipelinePlan.Column::name).toList();
    for (String column : parsed.get().columns()) {
      if (!names.contains(column)) {
        findings.add(
            pointer,
            "UnknownColumn",
            "'" + ColumnCheck.abbreviated(column) + "' is not a column of the selection",
            Findings.didYouMean(ColumnCheck.abbreviated(column), names)
                .orElse("Templates name columns, after renaming."));
      }
    }
    if (!parsed.get().columns().equals(keyColumns)) {
      findings.add(
          pointer,
          "KeyNotInjective",
          "a key must hold the key column '" + keyColumns.get(0) + "' once and no other column",
          "Write order:{" + keyColumns.get(0) + "}: a deletion knows nothing but the key.");
    }
    String prefix = parsed.get().prefix();
    if (prefix.length() < 2 || !":./-_#".contains(prefix.substring(prefix.length() - 1))) {
      findings.add(
          pointer,
          "PrefixMissing",
          "keys need a literal prefix of their own that ends in one of : . / - _ #",
          "Write order:{" + keyColumns.get(0) + "}.");
    }
    if (prefix.startsWith("millrace") || "millrace:".startsWith(prefix)) {
      findings.add(
          pointer,
          "NameReserved",
          "keys beginning with 'millrace' hold the cursors",
          "Choose another prefix.");
    }
    return parsed;
  }

  /** A pattern character in the prefix would give the reader other people's keys. */
  private static boolean printable(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f && "*?[]\\^~%&\"'".indexOf(c) < 0);
  }
}
