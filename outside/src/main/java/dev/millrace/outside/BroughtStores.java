package dev.millrace.outside;

import java.util.List;

/**
 * Servers that are brought as stores of the class {@code external}: logins, rights, declaration.
 */
public final class BroughtStores {
  /** Of Postgres. */
  public static final String DATABASE = "warehouse";

  private BroughtStores() {}

  /** What the superuser says in {@link #DATABASE}, as in docs/external-stores.md. */
  public static String[] postgresGrants(String secret) {
    return new String[] {
      "CREATE ROLE writer LOGIN PASSWORD '" + secret + "'",
      "GRANT CONNECT, TEMPORARY ON DATABASE warehouse TO writer",
      "CREATE SCHEMA millrace AUTHORIZATION writer",
      "GRANT USAGE, CREATE ON SCHEMA public TO writer",
      "CREATE ROLE analyst LOGIN PASSWORD '" + secret + "'",
      "GRANT CONNECT ON DATABASE warehouse TO analyst",
      "GRANT USAGE ON SCHEMA public TO analyst"
    };
  }

  /** What the administrator says to Redis. */
  public static List<String[]> redisUsers(String secret) {
    return List.of(
        new String[] {
          "ACL", "SETUSER", "writer", "on", ">" + secret, "resetchannels", "~*", "+@all"
        },
        new String[] {
          "ACL", "SETUSER", "analyst", "on", ">" + secret, "~*", "+@read", "+@connection"
        },
        new String[] {"ACL", "SAVE"});
  }

  public static String postgres(String name, int port, String secret) {
    return declaration(name, "Postgres", port, secret) + "    database: " + DATABASE + "\n";
  }

  public static String redis(String name, int port, String secret) {
    return declaration(name, "Redis", port, secret);
  }

  private static String declaration(String name, String engine, int port, String secret) {
    return """
    apiVersion: millrace.dev/v1alpha1
    kind: Store
    metadata: {name: %s}
    spec:
      class: external
      connection:
        engine: %s
        host: 127.0.0.1
        port: %d
        writer: {username: writer, password: %s}
        reader: {username: analyst, password: %s}
    """
        .formatted(name, engine, port, secret, secret);
  }
}
