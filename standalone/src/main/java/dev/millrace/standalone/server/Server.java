package dev.millrace.standalone.server;

import dev.millrace.stores.credentials.Credentials;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A server for stores.
 *
 * @param database Postgres: the one to log in to first; Redis: the database number
 * @param admin may make databases, roles and users
 * @param brought it was there already
 */
public record Server(String host, int port, String database, Credentials admin, boolean brought) {

  public String address() {
    return host + ":" + port;
  }

  /**
   * @param option for the message, such as {@code --postgres}
   * @throws StartFailed when the URL does not say all that is needed
   */
  static Server of(URI url, String option, String scheme, int defaultPort, String database) {
    String form = option + " wants " + scheme + "://user:password@host:port";
    if (!scheme.equals(url.getScheme()) || url.getHost() == null) {
      throw new StartFailed(form + "; this URL is of another form");
    }
    String[] login =
        url.getRawUserInfo() == null ? new String[0] : url.getRawUserInfo().split(":", 2);
    if (login.length < 2) {
      throw new StartFailed(form + "; this URL has no user and password");
    }
    String path = url.getPath() == null ? "" : url.getPath().replaceFirst("^/", "");
    return new Server(
        url.getHost(),
        url.getPort() < 0 ? defaultPort : url.getPort(),
        path.isEmpty() ? database : path,
        new Credentials(decoded(login[0]), decoded(login[1])),
        true);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
