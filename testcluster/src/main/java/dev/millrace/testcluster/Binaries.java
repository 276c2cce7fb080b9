package dev.millrace.testcluster;

import io.fabric8.kubeapitest.KubeAPIServerConfig;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.binary.BinaryManager;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Kubernetes' own programs, in the folder where fabric8's kube-api-test looks for them, too: built
 * by {@code testcluster/kubernetes}, or downloaded by that library, which is impossible where only
 * package registries are in reach.
 */
final class Binaries {
  /** As in {@code testcluster/kubernetes}. */
  private static final String VERSION = "1.35.4";

  private Binaries() {}

  static Path find(String name) {
    Path built = root().resolve("k8s").resolve(VERSION + "-linux-amd64").resolve(name);
    if (Files.isExecutable(built)) {
      return built;
    }
    KubeAPIServerConfig wanted =
        KubeAPIServerConfigBuilder.anAPIServerConfig().withApiServerVersion("1.35.*").build();
    BinaryManager downloads = new BinaryManager(wanted);
    downloads.initAndDownloadIfRequired();
    File found =
        switch (name) {
          case "etcd" -> downloads.binaries().getEtcd();
          case "kube-apiserver" -> downloads.binaries().getApiServer();
          case "kubectl" -> downloads.binaries().getKubectl();
          default ->
              throw new IllegalStateException(built + " is not there: testcluster/kubernetes");
        };
    return found.toPath();
  }

  private static Path root() {
    String given = System.getenv("KUBE_API_TEST_DIR");
    return given == null
        ? Path.of(System.getProperty("user.home"), ".kubeapitest")
        : Path.of(given);
  }
}
