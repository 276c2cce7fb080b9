package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A node without containers: takes every Pod, gives it an address of its own on loopback, and runs
 * what its containers say (arguments, environment, volumes, uid, probes) as plain processes, each
 * in a root folder made of its image and this machine's {@code /usr}. Needs root and Linux.
 *
 * <p>What it does not do, and only a real kubelet can show: limits of memory and CPU, seccomp and
 * capabilities, network policies, pulling, cgroups, logs through the API server.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Node.class.getName());
  private static final String NAME = "here";

  private final ApiServer server;
  private final KubernetesClient client;
  private final Path folder;
  private final Map<String, Image> images = new ConcurrentHashMap<>();
  private final Map<String, PodRun> running = new ConcurrentHashMap<>();
  private final Map<String, String> addresses = new ConcurrentHashMap<>();
  private final Claims claims;
  private final Services services;
  private final SharedIndexInformer<Pod> pods;
  private boolean closed;

  private Node(ApiServer server, KubernetesClient client, Path folder, Map<String, Path> archives)
      throws IOException, InterruptedException {
    this.server = server;
    this.client = client;
    this.folder = folder;
    int number = 0;
    for (Map.Entry<String, Path> each : archives.entrySet()) {
      Path into = Files.createDirectories(folder.resolve("image-" + number++));
      images.put(
          each.getKey(),
          Files.isDirectory(each.getValue())
              ? Image.of(each.getValue())
              : Image.unpack(each.getValue(), into));
    }
    register();
    this.claims = new Claims(client);
    this.services = new Services(client, this::address, this::renamed);
    this.pods = client.pods().inAnyNamespace().inform(new Told());
  }

  /**
   * Returns when it takes Pods.
   *
   * @param archives of images, as {@code docker save} writes them, by the name that Pods use; or
   *     folders, with programs in {@code engine/bin}
   */
  public static Node start(ApiServer server, Map<String, Path> archives)
      throws IOException, InterruptedException {
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("user.name").equals("root")
        || Runtime.version().feature() < 24) {
      throw new IllegalStateException(
          "a node without containers needs Linux, root, and a JDK 24 or newer, which the containers"
              + " run by; run these tests there, or leave the module image out");
    }
    Node node =
        new Node(
            server,
            server.patientClient(ApiServer.ADMIN),
            Files.createTempDirectory("node"),
            archives);
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
    return node;
  }

  private void register() {
    Map<String, Quantity> room =
        Map.of(
            "cpu",
            new Quantity("64"),
            "memory",
            new Quantity("256Gi"),
            "pods",
            new Quantity("500"));
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NAME)
                .addToLabels("kubernetes.io/hostname", NAME)
                .addToLabels("kubernetes.io/os", "linux")
                .addToLabels("kubernetes.io/arch", "amd64")
                .endMetadata()
                .withNewStatus()
                .withCapacity(room)
                .withAllocatable(room)
                .addNewAddress("127.0.0.1", "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("NodeReady")
                .endCondition()
                .endStatus()
                .build())
        .create();
  }

  private final class Told implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      see(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod now) {
      see(now);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      Optional.ofNullable(running.get(pod.getMetadata().getUid())).ifPresent(PodRun::end);
    }
  }

  private void see(Pod pod) {
    try {
      if (pod.getSpec().getNodeName() == null) {
        bind(pod);
      } else if (pod.getMetadata().getDeletionTimestamp() != null) {
        run(pod).end();
      } else if (!isOver(pod) && !running.containsKey(pod.getMetadata().getUid())) {
        run(pod);
        renamed();
      }
    } catch (KubernetesClientException e) {
      boolean changed = e.getCode() == 404 || e.getCode() == 409;
      LOG.log(changed ? Level.FINE : Level.WARNING, "not bound or begun", e);
    }
  }

  /** There is nothing to choose. */
  private void bind(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    client
        .bindings()
        .inNamespace(pod.getMetadata().getNamespace())
        .resource(
            new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(NAME)
                .endTarget()
                .build())
        .create();
  }

  private static boolean isOver(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private PodRun run(Pod pod) {
    return running.computeIfAbsent(pod.getMetadata().getUid(), uid -> begun(pod));
  }

  private PodRun begun(Pod pod) {
    return PodRun.begin(pod, address(pod), this);
  }

  /** One of the same name has the same, as behind a Service. */
  private synchronized String address(Pod pod) {
    int number = addresses.size();
    return addresses.computeIfAbsent(
        pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName(),
        name -> "127.1." + (number / 250) + "." + (number % 250 + 1));
  }

  /** Pods learn of a Service that came or went. */
  private void renamed() {
    running.values().forEach(PodRun::writeHosts);
  }

  /** As lines of a hosts file, for Pods that are there. */
  String serviceNames() {
    return services.names(
        running.values().stream().filter(PodRun::stays).map(PodRun::pod).toList());
  }

  /** Where what claims hold is kept. */
  Path claimed() {
    return folder.resolve("claims");
  }

  ApiServer server() {
    return server;
  }

  KubernetesClient client() {
    return client;
  }

  /** What is kept of a Pod. */
  Path folder(Pod pod) {
    return folder
        .resolve(pod.getMetadata().getNamespace() + "_" + pod.getMetadata().getName())
        .resolve(pod.getMetadata().getUid());
  }

  Optional<Image> image(String name) {
    return Optional.ofNullable(images.get(name));
  }

  /** The output of all containers, for whoever has to find out what went wrong. */
  public String logs() {
    StringBuilder all = new StringBuilder();
    running.values().forEach(each -> all.append(each.logs()));
    return all.toString();
  }

  /** As a power failure: processes are killed, and the API server hears nothing of it. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    pods.close();
    services.close();
    claims.close();
    running.values().forEach(PodRun::kill);
    client.close();
    Folders.delete(folder);
  }
}
