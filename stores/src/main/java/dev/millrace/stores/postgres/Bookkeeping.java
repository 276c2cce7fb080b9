package dev.millrace.stores.postgres;

import java.sql.SQLException;
import java.util.List;

/**
 * The schema {@code millrace} of a store's database: which subscriptions have which table and
 * reader, where each partition stands, and what could not be applied.
 */
final class Bookkeeping {
  static final String SCHEMA = "millrace";
  static final String MADE = "Made by Millrace: which events are in this database";

  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS millrace.subscription (
            uid text PRIMARY KEY,
            name text NOT NULL,
            table_schema text NOT NULL,
            table_name text NOT NULL,
            schema_made boolean NOT NULL,
            reader text NOT NULL,
            reader_made boolean NOT NULL,
            usage_granted boolean NOT NULL,
            connect_granted boolean NOT NULL,
            kept boolean NOT NULL DEFAULT false,
            UNIQUE (table_schema, table_name)
          )\
          """,
          // Room on each page lets the one update of every batch stay there and touch no index.
          """
          CREATE TABLE IF NOT EXISTS millrace.cursor (
            subscription text,
            partition integer,
            next_offset bigint NOT NULL,
            leader_epoch integer,
            cluster_id text NOT NULL,
            topic_id text NOT NULL,
            definition bigint NOT NULL,
            owner text NOT NULL DEFAULT '',
            owner_pid integer,
            owner_started timestamp with time zone,
            read bigint NOT NULL DEFAULT 0,
            applied bigint NOT NULL DEFAULT 0,
            filtered bigint NOT NULL DEFAULT 0,
            dead_lettered bigint NOT NULL DEFAULT 0,
            skipped bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (subscription, partition)
          ) WITH (fillfactor = 20)\
          """,
          """
          CREATE TABLE IF NOT EXISTS millrace.dead_letter (
            subscription text,
            partition integer,
            "offset" bigint,
            code text NOT NULL,
            field text NOT NULL,
            message text NOT NULL,
            excerpt text NOT NULL,
            at timestamp with time zone NOT NULL DEFAULT now(),
            PRIMARY KEY (subscription, partition, "offset")
          )\
          """,
          """
          CREATE INDEX IF NOT EXISTS dead_letter_newest
            ON millrace.dead_letter (subscription, at, partition, "offset")\
          """);

  private Bookkeeping() {}

  /** As the writer, in the steward's transaction. */
  static void make(Steward steward) throws SQLException {
    if (!steward.truth("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ?)", SCHEMA)) {
      steward.run("CREATE SCHEMA millrace");
      steward.run("COMMENT ON SCHEMA millrace IS " + Quoting.literal(MADE));
    }
    for (String table : TABLES) {
      steward.run(table);
    }
  }

  static boolean isThere(Steward steward) throws SQLException {
    return steward.truth("SELECT to_regclass('millrace.subscription') IS NOT NULL");
  }

  /** The schema goes only if Millrace made it, and then with nothing of anyone else's in it. */
  static void drop(Steward steward) throws SQLException {
    steward.run(
        "DROP TABLE IF EXISTS millrace.subscription, millrace.cursor, millrace.dead_letter");
    if (steward.truth(
        "SELECT obj_description(oid, 'pg_namespace') = ? FROM pg_namespace WHERE nspname = ?",
        MADE,
        SCHEMA)) {
      steward.run("DROP SCHEMA millrace");
    }
  }
}
