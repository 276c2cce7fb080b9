package dev.millrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A line such as {@code PGPASSWORD=… psql -h … -c …}, as a shell reads it. What it asks for is done
 * by JDBC, since a stranger's machine need not have psql.
 */
record PsqlLine(String password, Map<String, String> options) {
  static PsqlLine read(String line) throws IOException, InterruptedException {
    // A function of that name gets what psql would get, after the shell took the quotes away.
    String script = "psql() { printf '%s\\n' \"$PGPASSWORD\" \"$@\"; }\n" + line;
    Process shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as("sh of %s", output).isZero();
    List<String> words = output.lines().toList();
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < words.size(); i += 2) {
      options.put(words.get(i), words.get(i + 1));
    }
    return new PsqlLine(words.getFirst(), options);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%s/%s"
            .formatted(options.get("-h"), options.get("-p"), options.get("-d")),
        options.get("-U"),
        password);
  }

  String query() {
    return options.get("-c");
  }
}
