package dev.millrace.testcluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One container of a Pod as a process, begun anew when it ends and its Pod wants that. */
final class ContainerRun {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Pod pod;
  private final Container container;
  private final Image image;
  private final String address;
  private final Path folder;
  private final Volumes volumes;
  private final Map<String, String> platform;

  private @Nullable Process process;
  private Map<String, String> environment = Map.of();
  private Instant begun = Instant.now();
  private int restarts;
  private long again;
  private @Nullable Probing startup;
  private @Nullable Probing liveness;
  private @Nullable Probing readiness;

  /** When it was asked to end for not being alive. */
  private long asked;

  private boolean started;
  private boolean ready;

  /**
   * @param folder of its Pod
   * @param platform variables that a node gives to all
   */
  ContainerRun(
      Pod pod,
      Container container,
      Image image,
      String address,
      Path folder,
      Volumes volumes,
      Map<String, String> platform) {
    this.pod = pod;
    this.container = container;
    this.image = image;
    this.address = address;
    this.folder = folder;
    this.volumes = volumes;
    this.platform = platform;
  }

  void begin() throws IOException {
    RootFolder root =
        RootFolder.make(
            folder.resolve(container.getName() + "-" + restarts), image, folder.resolve("hosts"));
    for (VolumeMount mount : container.getVolumeMounts()) {
      Path volume = volumes.path(mount.getName());
      Path part = mount.getSubPath() == null ? volume : volume.resolve(mount.getSubPath());
      root.bind(part, mount.getMountPath(), Boolean.TRUE.equals(mount.getReadOnly()));
    }
    if (security().map(SecurityContext::getReadOnlyRootFilesystem).orElse(false)) {
      root.seal();
    }
    environment = environment();
    List<String> command = inItsEnvironment();
    command.addAll(arguments(environment));
    process =
        new ProcessBuilder(root.command(user(), groups(), command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .redirectInput(new File("/dev/null"))
            .start();
    begun = Instant.now();
    long now = System.nanoTime();
    startup = Probing.of(container.getStartupProbe(), container, address, this::succeeds, now);
    liveness = Probing.of(container.getLivenessProbe(), container, address, this::succeeds, now);
    readiness = Probing.of(container.getReadinessProbe(), container, address, this::succeeds, now);
    asked = 0;
    started = startup == null;
    ready = false;
  }

  private List<String> inItsEnvironment() {
    List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i", "-C", workingFolder()));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    return command;
  }

  /** Runs a command inside, as {@code kubectl exec} does. */
  private boolean succeeds(List<String> command, Duration patience) {
    if (process == null || !process.isAlive()) {
      return false;
    }
    String[] who = user().split(":", 2);
    List<String> inside =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--target=" + process.pid(),
                "--mount",
                "--root",
                "--setuid=" + who[0],
                "--setgid=" + who[1]));
    inside.addAll(inItsEnvironment());
    inside.addAll(command);
    try {
      Process run =
          new ProcessBuilder(inside)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .redirectInput(new File("/dev/null"))
              .start();
      if (!run.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        run.destroyForcibly();
        return false;
      }
      return run.exitValue() == 0;
    } catch (IOException notNow) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Its hook first, as a kubelet does. */
  private void ask() {
    if (process != null
        && container.getLifecycle() != null
        && container.getLifecycle().getPreStop() != null) {
      succeeds(container.getLifecycle().getPreStop().getExec().getCommand(), grace());
    }
    if (process != null) {
      process.destroy();
    }
  }

  private Optional<SecurityContext> security() {
    return Optional.ofNullable(container.getSecurityContext());
  }

  private Optional<PodSecurityContext> podSecurity() {
    return Optional.ofNullable(pod.getSpec().getSecurityContext());
  }

  private String user() {
    Optional<Long> wanted =
        security()
            .map(SecurityContext::getRunAsUser)
            .or(() -> podSecurity().map(PodSecurityContext::getRunAsUser));
    Optional<Long> group =
        security()
            .map(SecurityContext::getRunAsGroup)
            .or(() -> podSecurity().map(PodSecurityContext::getRunAsGroup));
    String byImage = image.user().isEmpty() ? "0" : image.user();
    String uid = wanted.map(String::valueOf).orElse(byImage.split(":", 2)[0]);
    boolean nonRoot =
        security()
            .map(SecurityContext::getRunAsNonRoot)
            .or(() -> podSecurity().map(PodSecurityContext::getRunAsNonRoot))
            .orElse(false);
    if (nonRoot && (uid.equals("0") || !uid.chars().allMatch(Character::isDigit))) {
      throw new IllegalStateException("container has runAsNonRoot and image will run as " + uid);
    }
    String gid =
        group.map(String::valueOf).orElse(byImage.contains(":") ? byImage.split(":", 2)[1] : "0");
    return uid + ":" + gid;
  }

  private String groups() {
    return podSecurity().map(PodSecurityContext::getFsGroup).map(String::valueOf).orElse("");
  }

  private String workingFolder() {
    if (container.getWorkingDir() != null) {
      return container.getWorkingDir();
    }
    return image.folder().isEmpty() ? "/" : image.folder();
  }

  private List<String> arguments(Map<String, String> environment) {
    boolean own = !container.getCommand().isEmpty();
    List<String> all = new ArrayList<>(own ? container.getCommand() : image.entrypoint());
    if (!container.getArgs().isEmpty()) {
      all.addAll(container.getArgs());
    } else if (!own) {
      all.addAll(image.command());
    }
    return all.stream().map(each -> filledIn(each, environment)).toList();
  }

  private Map<String, String> environment() {
    Map<String, String> all = new LinkedHashMap<>(image.environment());
    all.putAll(platform);
    all.put("HOSTNAME", pod.getMetadata().getName());
    for (EnvFromSource source : container.getEnvFrom()) {
      Map<String, byte[]> content =
          source.getSecretRef() != null
              ? volumes.secret(source.getSecretRef().getName(), false)
              : volumes.configMap(source.getConfigMapRef().getName(), false);
      content.forEach((name, value) -> all.put(name, text(value)));
    }
    for (EnvVar variable : container.getEnv()) {
      value(variable, all).ifPresent(value -> all.put(variable.getName(), value));
    }
    return all;
  }

  private Optional<String> value(EnvVar variable, Map<String, String> before) {
    EnvVarSource source = variable.getValueFrom();
    if (source == null) {
      return Optional.of(filledIn(Objects.requireNonNullElse(variable.getValue(), ""), before));
    }
    if (source.getFieldRef() != null) {
      return Optional.of(Fields.of(pod, address, source.getFieldRef().getFieldPath()));
    }
    if (source.getSecretKeyRef() != null) {
      boolean optional = Boolean.TRUE.equals(source.getSecretKeyRef().getOptional());
      return Optional.ofNullable(
              volumes
                  .secret(source.getSecretKeyRef().getName(), optional)
                  .get(source.getSecretKeyRef().getKey()))
          .map(ContainerRun::text);
    }
    if (source.getConfigMapKeyRef() != null) {
      boolean optional = Boolean.TRUE.equals(source.getConfigMapKeyRef().getOptional());
      return Optional.ofNullable(
              volumes
                  .configMap(source.getConfigMapKeyRef().getName(), optional)
                  .get(source.getConfigMapKeyRef().getKey()))
          .map(ContainerRun::text);
    }
    throw new IllegalArgumentException("no source of this kind is known here: " + variable);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** {@code $(NAME)}, when there is one of that name. */
  private static String filledIn(String text, Map<String, String> environment) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(environment.getOrDefault(found.group(1), found.group())));
  }

  /**
   * Looks at it once.
   *
   * @param restart whether one that ended is begun anew
   */
  void look(boolean restart) throws IOException {
    long now = System.nanoTime();
    if (process == null || !process.isAlive()) {
      ready = false;
      if (!restart || now < again) {
        return;
      }
      if (again == 0) {
        again = now + Math.min(LONGEST_PAUSE.toNanos(), 1_000_000_000L << Math.min(restarts, 4));
        return;
      }
      again = 0;
      restarts++;
      begin();
      return;
    }
    if (!started && startup != null) {
      Probing.Verdict verdict = startup.verdict(now);
      started = verdict == Probing.Verdict.SUCCESS;
      if (verdict == Probing.Verdict.FAILURE) {
        process.destroyForcibly();
      }
      return;
    }
    if (liveness != null && liveness.verdict(now) == Probing.Verdict.FAILURE) {
      if (asked == 0) {
        asked = now;
        ask();
      } else if (now - asked > grace().toNanos()) {
        process.destroyForcibly();
      }
    }
    if (readiness == null) {
      ready = true;
      return;
    }
    switch (readiness.verdict(now)) {
      case SUCCESS -> ready = true;
      case FAILURE -> ready = false;
      case PENDING -> {
        return;
      }
    }
  }

  boolean isReady() {
    return ready;
  }

  /** Empty while it runs. */
  Optional<Integer> exitCode() {
    return process == null || process.isAlive()
        ? Optional.empty()
        : Optional.of(process.exitValue());
  }

  private Duration grace() {
    return Duration.ofSeconds(
        Objects.requireNonNullElse(pod.getSpec().getTerminationGracePeriodSeconds(), 30L));
  }

  /** As for one whose Pod ends: asked, and after its time made to. */
  void end() throws InterruptedException {
    if (process == null) {
      return;
    }
    ask();
    if (!process.waitFor(grace().toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
    }
  }

  void kill() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  Path log() {
    return folder.resolve(container.getName() + ".log");
  }

  String logged() {
    try {
      return Files.exists(log()) ? Files.readString(log()) : "";
    } catch (IOException e) {
      return e.toString();
    }
  }

  ContainerStatus status() {
    ContainerStatusBuilder status =
        new ContainerStatusBuilder()
            .withName(container.getName())
            .withImage(container.getImage())
            .withImageID(container.getImage())
            .withContainerID("process://" + (process == null ? 0 : process.pid()))
            .withRestartCount(restarts)
            .withStarted(started)
            .withReady(ready);
    Optional<Integer> code = exitCode();
    if (code.isEmpty()) {
      status.withNewState().withNewRunning(time(begun)).endState();
    } else {
      status
          .withNewState()
          .withNewTerminated()
          .withExitCode(code.get())
          .withReason(code.get() == 0 ? "Completed" : "Error")
          .withStartedAt(time(begun))
          .endTerminated()
          .endState();
    }
    return status.build();
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
