package dev.millrace.standalone;

import dev.millrace.controller.PlatformTopics;
import dev.millrace.embedded.Ports;
import dev.millrace.standalone.controller.StoreClasses;
import dev.millrace.standalone.server.CatalogDatabase;
import dev.millrace.standalone.server.DataDirectory;
import dev.millrace.standalone.server.RunFiles;
import dev.millrace.standalone.server.Server;
import dev.millrace.standalone.server.Servers;
import dev.millrace.standalone.server.Shutdown;
import dev.millrace.standalone.server.StartFailed;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.credentials.FileVault;
import dev.millrace.stores.credentials.Vault;
import io.quarkus.runtime.Quarkus;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** One platform in one process, from its data directory to its first answer. */
final class Standalone {

  /** What to do with a platform that runs: nothing, until someone ends it. */
  static final ToIntFunction<RunningPlatform> WAIT =
      platform -> {
        Quarkus.waitForExit();
        return 0;
      };

  private final ServerOptions options;
  private final boolean worker;
  private final Shutdown shutdown;

  /**
   * @param worker whether one runs in this process
   */
  Standalone(ServerOptions options, boolean worker, Shutdown shutdown) {
    this.options = options;
    this.worker = worker;
    this.shutdown = shutdown;
  }

  /**
   * Starts everything, does what is given, and returns its exit code. The end is {@link
   * Shutdown}'s.
   *
   * @throws StartFailed with one sentence for a person
   */
  int run(ToIntFunction<RunningPlatform> then) {
    long begun = System.nanoTime();
    wantPort();
    DataDirectory data = DataDirectory.open(options.data());
    shutdown.last(data::close);
    Servers servers = Servers.start(data, options.port, options.servers(), shutdown);
    createTopics(servers);
    CatalogDatabase.create(servers.postgres());
    RunFiles files = RunFiles.write(data, options.port, servers);
    FileVault vault = vault(data, servers);
    RunningPlatform platform =
        new RunningPlatform(
            URI.create("http://localhost:" + options.port),
            files.token(),
            servers,
            classes(servers));
    settings(data, platform, files).forEach(System::setProperty);
    int[] code = {1};
    App.hand(new App.Handover(platform, worker, vault, data, files, begun, then));
    Quarkus.run(App.class, (exit, problem) -> code[0] = failed(data, exit, problem));
    return code[0];
  }

  private static int failed(DataDirectory data, int exit, Throwable problem) {
    if (problem != null) {
      throw new StartFailed(
          "the platform did not start (" + problem.getMessage() + "); its log is " + data.log());
    }
    return exit;
  }

  private static void createTopics(Servers servers) {
    try {
      PlatformTopics.create(servers.kafkaPlatform());
    } catch (PlatformTopics.NotMade e) {
      throw new StartFailed(String.valueOf(e.getMessage()));
    }
  }

  private void wantPort() {
    if (!Ports.isFree(options.port)) {
      throw new StartFailed(
          "port "
              + options.port
              + " is taken: end what listens there, or give another with --port "
              + (options.port + 1));
    }
  }

  private static FileVault vault(DataDirectory data, Servers servers) {
    FileVault vault = FileVault.open(data.vault());
    keep(vault, "admin/postgres", servers.postgres().admin());
    keep(vault, "admin/redis", servers.redis().admin());
    return vault;
  }

  private static void keep(Vault vault, String reference, Credentials admin) {
    if (!vault.credentials(reference).filter(admin::equals).isPresent()) {
      vault.put(reference, admin);
    }
  }

  private static StoreClasses classes(Servers servers) {
    Server postgres = servers.postgres();
    Server redis = servers.redis();
    return new StoreClasses(
        postgres.address(), postgres.brought(), redis.address(), redis.brought());
  }

  private Map<String, String> settings(
      DataDirectory data, RunningPlatform platform, RunFiles files) {
    Server postgres = platform.servers().postgres();
    Map<String, String> settings = new HashMap<>();
    settings.put("millrace.log", data.log().toString());
    settings.put("quarkus.http.port", Integer.toString(options.port));
    settings.put("quarkus.datasource.jdbc.url", CatalogDatabase.jdbcUrl(postgres));
    settings.put("quarkus.datasource.username", postgres.admin().username());
    settings.put("quarkus.datasource.password", postgres.admin().password());
    settings.put("millrace.catalog.callers[0].name", System.getProperty("user.name") + "@local");
    settings.put("millrace.catalog.callers[0].token", files.token());
    settings.put("millrace.catalog.callers[0].admin", "true");
    settings.put("millrace.catalog.info.ui", platform.url() + "/");
    settings.put(
        "millrace.catalog.info.kafka", platform.servers().kafkaClient().get("bootstrap.servers"));
    settings.put("millrace.catalog.info.kafka-properties", files.clientProperties().toString());
    platform
        .servers()
        .kafkaPlatform()
        .forEach((name, value) -> settings.put("millrace.catalog.kafka.\"" + name + "\"", value));
    return settings;
  }
}
