package dev.millrace.standalone;

import java.util.Locale;

/** The one screen that {@code up} prints. */
final class Screen {
  private Screen() {}

  static String text(App.Handover given, long nowNanos) {
    RunningPlatform platform = given.platform();
    return String.format(
        Locale.ROOT,
        """

        Millrace is up (%.1f s)

          UI      %s/#token=%s
          API     %s/api/v1    Authorization: Bearer %s
          Kafka   %s    client properties: %s
          Stores  Postgres %s, Redis %s
          Data    %s

          Ctrl-C ends everything; the data stays. Next: README.md, "Five minutes".

        """,
        (nowNanos - given.begunNanos()) / 1e9,
        platform.url(),
        platform.token(),
        platform.url(),
        platform.token(),
        platform.servers().kafkaClient().get("bootstrap.servers"),
        given.files().clientProperties(),
        platform.servers().postgres().address(),
        platform.servers().redis().address(),
        given.data().home());
  }
}
