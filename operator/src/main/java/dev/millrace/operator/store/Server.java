package dev.millrace.operator.store;

import dev.millrace.api.ObjectKey;
import dev.millrace.api.store.StoreClassSpec;
import dev.millrace.controller.Sites;
import dev.millrace.stores.credentials.SecretVault;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The server that one Store has for itself, as objects of Kubernetes: by nothing but the Store's
 * key, its class and where servers run. The volume is an object of its own and no template of the
 * StatefulSet's, which could not be changed; so it can grow, and stay when the rest goes.
 *
 * @param namespace where it runs
 * @param image of its container, unless the class has another
 * @param login a digest of its admin's password: with another it begins anew
 */
record Server(
    String namespace,
    ObjectKey store,
    String engine,
    StoreClassSpec.StatefulSet shape,
    String image,
    String login) {
  /** On all of them: the Store's namespace and name. */
  static final String TENANT = "millrace.dev/tenant";

  static final String STORE = "millrace.dev/store";

  /** Names of Pods and of their versions are longer by some ten letters, and have 63. */
  private static final int LONGEST_NAME = 50;

  private static final int LONG_DIGEST = 8;
  private static final String DEFAULT_MEMORY = "1Gi";
  private static final String DEFAULT_CPU = "250m";

  /** A server that replays its log after a crash may take its time. */
  private static final int STARTS_WITHIN_SECONDS = 3600;

  private static final long ENDS_WITHIN_SECONDS = 120;

  static Recipe recipe(String engine) {
    return engine.equals("Postgres") ? new PostgresRecipe() : new RedisRecipe();
  }

  /** A Service's name begins with a letter, and a namespace's need not. */
  static String name(ObjectKey store) {
    return Sites.fitting("st-" + store, store.toString(), LONGEST_NAME, '-', LONG_DIGEST);
  }

  static String volumeName(ObjectKey store) {
    return "data-" + name(store);
  }

  /** Port included. */
  static String address(ObjectKey store, String engine, String namespace) {
    return name(store) + "." + namespace + ".svc:" + recipe(engine).port();
  }

  /** In the order of making them: while the StatefulSet is there, the rest may be. */
  List<HasMetadata> objects() {
    return List.of(statefulSet(), service(), volume());
  }

  private ObjectMeta metadata(String name) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace)
        .withName(name)
        .addToLabels(selector())
        .addToLabels("app.kubernetes.io/component", engine.toLowerCase(Locale.ROOT))
        .addToLabels("app.kubernetes.io/managed-by", "millrace-operator")
        .addToLabels(TENANT, store.tenant())
        .addToLabels(STORE, store.name())
        .build();
  }

  private Map<String, String> selector() {
    return new TreeMap<>(
        Map.of(
            "app.kubernetes.io/name", "millrace-store", "app.kubernetes.io/instance", name(store)));
  }

  private PersistentVolumeClaim volume() {
    return new PersistentVolumeClaimBuilder()
        .withMetadata(metadata(volumeName(store)))
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(shape.storageClassName())
        .withNewResources()
        .addToRequests("storage", storage())
        .endResources()
        .endSpec()
        .build();
  }

  private Service service() {
    return new ServiceBuilder()
        .withMetadata(metadata(name(store)))
        .withNewSpec()
        .withSelector(selector())
        .addNewPort()
        .withName("store")
        .withPort(recipe(engine).port())
        .withTargetPort(new IntOrString("store"))
        .endPort()
        .endSpec()
        .build();
  }

  private StatefulSet statefulSet() {
    return new StatefulSetBuilder()
        .withMetadata(metadata(name(store)))
        .withNewSpec()
        .withReplicas(1)
        // Otherwise a Pod that never becomes ready is waited for, also with the class put right.
        .withPodManagementPolicy("Parallel")
        .withServiceName(name(store))
        .withNewSelector()
        .withMatchLabels(selector())
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(metadata(name(store)).getLabels())
        .addToAnnotations("kubectl.kubernetes.io/default-container", "server")
        .addToAnnotations("millrace.dev/login", login)
        .endMetadata()
        .withSpec(pod().build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private PodSpecBuilder pod() {
    Recipe recipe = recipe(engine);
    return new PodSpecBuilder()
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(ENDS_WITHIN_SECONDS)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(recipe.user())
        .withRunAsGroup(recipe.user())
        .withFsGroup(recipe.user())
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withInitContainers(prepare(recipe))
        .withContainers(server(recipe))
        .addNewVolume()
        .withName("data")
        .withNewPersistentVolumeClaim()
        .withClaimName(volumeName(store))
        .endPersistentVolumeClaim()
        .endVolume()
        .addNewVolume()
        .withName("login")
        .withNewSecret()
        .withSecretName(SecretVault.loginName(SecretVault.server(store.toString())))
        .endSecret()
        .endVolume()
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        // Of a container it is 64 MB otherwise, which a query in parallel soon needs.
        .addNewVolume()
        .withName("memory")
        .withNewEmptyDir()
        .withMedium("Memory")
        .withSizeLimit(new Quantity(Long.toString(bytes(memory()) / 4)))
        .endEmptyDir()
        .endVolume();
  }

  private Container prepare(Recipe recipe) {
    return container("prepare")
        .withCommand("sh", "-c", recipe.prepare())
        .addToVolumeMounts(
            new VolumeMountBuilder()
                .withName("login")
                .withMountPath(Recipe.LOGIN)
                .withReadOnly(true)
                .build())
        .build();
  }

  private Container server(Recipe recipe) {
    ContainerBuilder server =
        container("server")
            .withCommand(recipe.command(bytes(memory()), bytes(storage())))
            .addNewPort()
            .withName("store")
            .withContainerPort(recipe.port())
            .endPort()
            .withStartupProbe(
                new ProbeBuilder(recipe.ready())
                    .withPeriodSeconds(1)
                    .withFailureThreshold(STARTS_WITHIN_SECONDS)
                    .build())
            .withLivenessProbe(isThere(recipe))
            .withReadinessProbe(recipe.ready());
    recipe
        .stop()
        .ifPresent(command ->
            server.withLifecycle(
                new LifecycleBuilder()
                    .withNewPreStop()
                    .withNewExec()
                    .withCommand(command)
                    .endExec()
                    .endPreStop()
                    .build()));
    return server.build();
  }

  /** One that refuses while it recovers must not be killed for that. */
  private static Probe isThere(Recipe recipe) {
    return new ProbeBuilder()
        .withNewTcpSocket()
        .withPort(new IntOrString(recipe.port()))
        .endTcpSocket()
        .withPeriodSeconds(10)
        .withTimeoutSeconds(5)
        .withFailureThreshold(6)
        .build();
  }

  private ContainerBuilder container(String name) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(Objects.requireNonNullElse(shape.image(), image))
        .addNewEnv()
        .withName(Recipe.ADDRESS)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath("status.podIP")
        .endFieldRef()
        .endValueFrom()
        .endEnv()
        .withResources(
            new ResourceRequirementsBuilder()
                .addToRequests(
                    "cpu", new Quantity(Objects.requireNonNullElse(shape.cpu(), DEFAULT_CPU)))
                .addToRequests("memory", memory())
                .addToLimits("memory", memory())
                .build())
        .withSecurityContext(restricted())
        .addToVolumeMounts(
            new VolumeMountBuilder().withName("data").withMountPath(Recipe.DATA).build(),
            new VolumeMountBuilder().withName("tmp").withMountPath("/tmp").build(),
            new VolumeMountBuilder().withName("memory").withMountPath("/dev/shm").build());
  }

  private static SecurityContext restricted() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  private Quantity memory() {
    return new Quantity(Objects.requireNonNullElse(shape.memory(), DEFAULT_MEMORY));
  }

  private Quantity storage() {
    return new Quantity(Objects.requireNonNull(shape.storage()));
  }

  private static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).longValue();
  }
}
