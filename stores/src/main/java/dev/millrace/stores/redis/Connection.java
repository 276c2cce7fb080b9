package dev.millrace.stores.redis;

import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/** A login on a server: commands out, answers in. For one thread at a time. */
final class Connection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 10_000;

  private final Socket socket;
  private final Problems problems;
  private final Requests requests;
  private final Replies replies;

  private Connection(Socket socket, Problems problems) throws IOException {
    this.socket = socket;
    this.problems = problems;
    this.requests = Requests.to(socket.getOutputStream());
    this.replies = new Replies(socket.getInputStream());
  }

  /** On the site's database. */
  static Connection open(StoreSite site, Credentials login) throws StoreProblem {
    return open(site, login, site.database(), "millrace");
  }

  /**
   * @param name for people who look at CLIENT LIST
   */
  static Connection open(StoreSite site, Credentials login, String database, String name)
      throws StoreProblem {
    Problems problems = new Problems(site, login.username());
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(site.host(), site.port()), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.setTcpNoDelay(true);
      Connection connection =
          new Connection(Tls.over(socket, site.host(), site.port(), site.tls()), problems);
      connection.logIn(login, database, name);
      return connection;
    } catch (IOException e) {
      closeQuietly(socket);
      throw problems.lost(e);
    } catch (StoreProblem e) {
      closeQuietly(socket);
      throw e;
    }
  }

  private void logIn(Credentials login, String database, String name) throws StoreProblem {
    ask("AUTH", login.username().isBlank() ? "default" : login.username(), login.password());
    if (!database.equals("0")) {
      ask("SELECT", database);
    }
    ask("CLIENT", "SETNAME", name.replaceAll("[^!-~]", "_"));
  }

  Problems problems() {
    return problems;
  }

  Requests requests() {
    return requests;
  }

  /** Sends what is in {@link #requests} and reads one answer. */
  Reply read() throws StoreProblem {
    try {
      requests.flush();
      return replies.read();
    } catch (IOException e) {
      throw problems.lost(e);
    }
  }

  /** As {@link #read}, by {@link Replies#executed}. */
  Replies.Executed executed() throws StoreProblem {
    try {
      requests.flush();
      return replies.executed();
    } catch (IOException e) {
      throw problems.lost(e);
    }
  }

  /** As {@link #read}, by {@link Replies#firstFailure}. */
  Optional<Reply.Failure> firstFailure(int answers) throws StoreProblem {
    try {
      requests.flush();
      return replies.firstFailure(answers);
    } catch (IOException e) {
      throw problems.lost(e);
    }
  }

  /**
   * As {@link #read}.
   *
   * @throws StoreProblem also when the server refused
   */
  Reply readOk() throws StoreProblem {
    Reply reply = read();
    if (reply instanceof Reply.Failure failure) {
      throw problems.refused(failure.text());
    }
    return reply;
  }

  /**
   * @throws StoreProblem also when the server refuses
   */
  Reply ask(String... words) throws StoreProblem {
    Reply reply = tryAsk(words);
    if (reply instanceof Reply.Failure failure) {
      boolean commandForbidden =
          failure.text().startsWith("NOPERM") && !failure.text().contains("key");
      throw commandForbidden
          ? problems.missing("all it has to", Users.rule(words))
          : problems.refused(failure.text());
    }
    return reply;
  }

  /** May answer with a {@link Reply.Failure}. */
  Reply tryAsk(String... words) throws StoreProblem {
    send(words);
    return read();
  }

  private void send(String... words) throws StoreProblem {
    try {
      requests.command(words);
    } catch (IOException e) {
      throw problems.lost(e);
    }
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException nothingToSave) {
      // The server rolls back what was not executed.
    }
  }
}
