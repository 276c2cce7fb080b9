package dev.millrace.provisioner;

import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.Credentials;
import dev.millrace.stores.postgres.PostgresDriver;
import dev.millrace.stores.redis.RedisDriver;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A worker in a JVM of its own, which can be killed and frozen as no thread can. */
final class WorkerProcess implements AutoCloseable {
  private static final String KAFKA = "kafka.";

  private final Process process;
  private final Path log;

  private WorkerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** One that starts soon. */
  static WorkerProcess start(WorkerSettings settings, Credentials login) throws IOException {
    return start(
        settings, login, List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  }

  static WorkerProcess start(WorkerSettings settings, Credentials login, List<String> options)
      throws IOException {
    Path log = Path.of("target", settings.worker() + "-" + ProcessHandle.current().pid() + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), WorkerProcess.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    DataOutputStream out = new DataOutputStream(process.getOutputStream());
    out.writeUTF(written(settings, login));
    out.flush();
    return new WorkerProcess(process, log);
  }

  private static String written(WorkerSettings settings, Credentials login) throws IOException {
    Properties all = new Properties();
    all.setProperty("worker", settings.worker());
    all.setProperty("group", settings.group());
    all.setProperty("batchBytes", Long.toString(settings.batchBytes()));
    all.setProperty("user", login.username());
    all.setProperty("password", login.password());
    settings.kafka().forEach((name, value) -> all.setProperty(KAFKA + name, value.toString()));
    StringWriter text = new StringWriter();
    all.store(text, null);
    return text.toString();
  }

  /** Runs until killed, or until whoever started it has gone. */
  public static void main(String[] none) throws IOException {
    Properties all = new Properties();
    all.load(new StringReader(new DataInputStream(System.in).readUTF()));
    Map<String, Object> kafka = new HashMap<>();
    all.stringPropertyNames().stream()
        .filter(name -> name.startsWith(KAFKA))
        .forEach(name -> kafka.put(name.substring(KAFKA.length()), all.getProperty(name)));
    Worker.start(
        new WorkerSettings(
            all.getProperty("worker"),
            kafka,
            all.getProperty("group"),
            WorkerSettings.of(all.getProperty("worker"), kafka).memoryBytes(),
            Long.parseLong(all.getProperty("batchBytes"))),
        new Engines(List.of(new PostgresDriver(), new RedisDriver())),
        EnginePool.only(new Credentials(all.getProperty("user"), all.getProperty("password"))));
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(1);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it printed. */
  Path log() {
    return log;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void freeze() throws Exception {
    signal("-STOP");
  }

  void thaw() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
