package dev.millrace.testcluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real API server with a store of its own, on loopback. It knows its callers by fixed tokens: the
 * token is the user's name.
 */
public final class ApiServer implements AutoCloseable {
  /** May do anything. */
  public static final String ADMIN = "admin";

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Those that make Pods out of what is applied, and let go what nobody owns. */
  private static final String CONTROLLERS =
      String.join(
          ",",
          "deployment-controller",
          "replicaset-controller",
          "statefulset-controller",
          "job-controller",
          "persistentvolumeclaim-protection-controller",
          "disruption-controller",
          "serviceaccount-controller",
          "root-ca-certificate-publisher-controller",
          "namespace-controller",
          "garbage-collector-controller");

  /**
   * What goes wrong in large clusters: who comes together is sent away (429), and what a watch knew
   * is forgotten when it ends (410).
   */
  private static final List<String> STRAIN =
      List.of(
          "--watch-cache=false",
          "--etcd-compaction-interval=2s",
          "--enable-priority-and-fairness=false",
          "--max-requests-inflight=3",
          "--max-mutating-requests-inflight=2");

  private final Path folder;
  private final int port;
  private final boolean controllers;
  private final List<String> further;
  private final Map<String, Process> processes = new LinkedHashMap<>();
  private List<String> serving = List.of();

  private ApiServer(Path folder, int port, boolean controllers, List<String> further) {
    this.folder = folder;
    this.port = port;
    this.controllers = controllers;
    this.further = further;
  }

  /**
   * Returns when it is ready.
   *
   * @param users besides {@link #ADMIN}; they may do what roles give them
   */
  public static ApiServer start(String... users) {
    return start(false, List.of(), users);
  }

  /** Besides, Kubernetes' own controllers are at work, and Pods have service accounts. */
  public static ApiServer startWithControllers(String... users) {
    return start(true, List.of(), users);
  }

  /** The same, that sends those away who come together, and soon forgets what was. */
  public static ApiServer startStrained(String... users) {
    return start(true, STRAIN, users);
  }

  private static ApiServer start(boolean controllers, List<String> further, String... users) {
    try {
      ApiServer server =
          new ApiServer(Files.createTempDirectory("api-server"), freePort(), controllers, further);
      try {
        server.run(users);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IllegalStateException("no API server", e);
    }
  }

  private void run(String... users) throws IOException {
    int etcd = freePort();
    etcd(etcd);
    writeKeys();
    List<String> tokens = new ArrayList<>(List.of("admin,admin,0,system:masters"));
    Stream.of(users).map(user -> user + "," + user + "," + user).forEach(tokens::add);
    Files.write(folder.resolve("tokens.csv"), tokens);
    serving = new ArrayList<>(further);
    serving.addAll(
        List.of(
            "--etcd-servers=http://127.0.0.1:" + etcd,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + folder,
            "--token-auth-file=" + folder.resolve("tokens.csv"),
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
            "--service-account-key-file=" + folder.resolve("accounts.pub"),
            "--service-cluster-ip-range=10.0.0.0/24",
            "--endpoint-reconciler-type=none",
            "--audit-policy-file=" + auditPolicy(),
            "--audit-log-path=" + audit(),
            // Nothing makes a namespace's default account where no controller is at work.
            (controllers ? "--enable" : "--disable") + "-admission-plugins=ServiceAccount"));
    begin("kube-apiserver", serving);
    awaitReady();
    if (controllers) {
      begin(
          "kube-controller-manager",
          "--kubeconfig=" + kubeconfig(ADMIN),
          "--controllers=" + CONTROLLERS,
          "--service-account-private-key-file=" + folder.resolve("accounts.key"),
          "--root-ca-file=" + certificate(),
          "--leader-elect=false",
          "--secure-port=0");
      awaitControllers();
    }
  }

  private void awaitControllers() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    try (KubernetesClient client = patientClient(ADMIN)) {
      while (client.serviceAccounts().inNamespace("default").withName("default").get() == null) {
        if (isAnyDead() || System.nanoTime() > until) {
          throw new IllegalStateException("no controller is at work:\n" + lastWords());
        }
        pause();
      }
    }
  }

  /** What service accounts ask for, and whether they may. */
  private Path auditPolicy() throws IOException {
    return Files.writeString(
        folder.resolve("audit.yaml"),
        """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - {level: Metadata, userGroups: ["system:serviceaccounts"]}
        - {level: None}
        """);
  }

  /** One JSON object a line, for each request of a service account that was answered. */
  public Path audit() {
    return folder.resolve("audit.log");
  }

  private void etcd(int port) throws IOException {
    String peers = "http://127.0.0.1:" + freePort();
    begin(
        "etcd",
        "--data-dir=" + folder.resolve("etcd"),
        "--listen-client-urls=http://127.0.0.1:" + port,
        "--advertise-client-urls=http://127.0.0.1:" + port,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=default=" + peers,
        "--unsafe-no-fsync=true");
  }

  private void begin(String program, String... arguments) throws IOException {
    begin(program, List.of(arguments));
  }

  private void begin(String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Binaries.find(program).toString()));
    command.addAll(arguments);
    processes.put(
        program,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(program).toFile())
            .start());
  }

  private Path log(String program) {
    return folder.resolve(program + ".log");
  }

  /** It signs the tokens of service accounts with them. */
  private void writeKeys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair keys = generator.generateKeyPair();
      Files.writeString(
          folder.resolve("accounts.key"), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
      Files.writeString(
          folder.resolve("accounts.pub"), pem("PUBLIC KEY", keys.getPublic().getEncoded()));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private boolean isAnyDead() {
    return processes.values().stream().anyMatch(process -> !process.isAlive());
  }

  /** Requests are not answered any more, and watches end. */
  public void stopServing() throws InterruptedException {
    Process server = Objects.requireNonNull(processes.remove("kube-apiserver"));
    server.destroy();
    if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      server.destroyForcibly().waitFor();
    }
  }

  /** It ends at once, whatever it was about. */
  public void crash() throws InterruptedException {
    Objects.requireNonNull(processes.remove("kube-apiserver")).destroyForcibly().waitFor();
  }

  /**
   * Behind {@link #stopServing} or {@link #crash}, with all there was. Returns when it is ready.
   */
  public void serveAgain() throws IOException {
    begin("kube-apiserver", serving);
    awaitReady();
  }

  private void awaitReady() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady()) {
      if (isAnyDead() || System.nanoTime() > until) {
        throw new IllegalStateException("the API server did not come up:\n" + lastWords());
      }
      pause();
    }
  }

  private boolean isReady() {
    if (!Files.exists(certificate())) {
      return false;
    }
    try (KubernetesClient client = client(ADMIN)) {
      return "ok".equals(client.raw("/readyz"))
          && client.namespaces().withName("default").get() != null;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The end of what its processes said. */
  public String lastWords() {
    StringBuilder words = new StringBuilder();
    for (String program : List.of("etcd", "kube-apiserver", "kube-controller-manager")) {
      try {
        List<String> lines = Files.readAllLines(log(program));
        lines
            .subList(Math.max(0, lines.size() - 15), lines.size())
            .forEach(line -> words.append(program).append(": ").append(line).append('\n'));
      } catch (IOException none) {
        words.append(program).append(" has no log\n");
      }
    }
    return words.toString();
  }

  /** On loopback. */
  public int port() {
    return port;
  }

  /** The certificate that it made for itself. */
  private Path certificate() {
    return folder.resolve("apiserver.crt");
  }

  /** As that user; what is refused is not tried again. */
  public KubernetesClient client(String user) {
    return client(user, 0);
  }

  /** As that user, with the patience of an application. */
  public KubernetesClient patientClient(String user) {
    return client(user, 10);
  }

  private KubernetesClient client(String user, int retries) {
    return new KubernetesClientBuilder().withConfig(config(user, retries)).build();
  }

  /** As that user; each request goes by the interceptor. */
  public KubernetesClient client(String user, Interceptor interceptor) {
    return new KubernetesClientBuilder()
        .withConfig(config(user, 0))
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("test", interceptor))
        .build();
  }

  private Config config(String user, int retries) {
    return new ConfigBuilder()
        .withAutoConfigure(false)
        .withMasterUrl("https://127.0.0.1:" + port)
        .withCaCertFile(certificate().toString())
        .withOauthToken(user)
        .withNamespace("default")
        .withRequestRetryBackoffLimit(retries)
        .build();
  }

  /** For {@code kubectl --kubeconfig}, as that user. */
  public Path kubeconfig(String user) {
    try {
      Path file = folder.resolve(user + ".kubeconfig");
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          clusters:
          - name: test
            cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}
          users:
          - name: user
            user: {token: "%s"}
          contexts:
          - name: test
            context: {cluster: test, user: user}
          current-context: test
          """
              .formatted(port, certificate(), user));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    for (Process process : List.copyOf(processes.values()).reversed()) {
      process.destroyForcibly();
      try {
        process.waitFor(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException left) {
      return;
    }
  }
}
