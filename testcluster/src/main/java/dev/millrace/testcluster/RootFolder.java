package dev.millrace.testcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a container has as {@code /}: its image's folders, its volumes, and of this machine what a
 * base image would bring (programs and libraries, a Java, certificates, devices). Made by mounts
 * that nobody else sees and that end with the process.
 */
final class RootFolder {
  /** Where the base image has Java. */
  private static final String JAVA = "/opt/java/openjdk";

  private static final Set<String> LINKS = Set.of("bin", "sbin", "lib", "lib64");
  private static final List<String> OF_ETC =
      List.of("passwd", "group", "nsswitch.conf", "ld.so.cache", "localtime");

  private final Path root;
  private final List<String> script = new ArrayList<>();

  private RootFolder(Path root) {
    this.root = root;
  }

  /**
   * @param root is made
   * @param hosts its {@code /etc/hosts}
   */
  static RootFolder make(Path root, Image image, Path hosts) throws IOException {
    RootFolder made = new RootFolder(Files.createDirectories(root));
    made.script.add("set -e");
    made.script.add("mount --make-rprivate /");
    made.script.add("mount --bind '" + root + "' '" + root + "'");
    for (String link : LINKS) {
      Path real = Path.of("/", link);
      if (Files.isSymbolicLink(real)) {
        Files.createSymbolicLink(root.resolve(link), Files.readSymbolicLink(real));
      } else if (Files.isDirectory(real)) {
        made.bind(real, "/" + link, true);
      }
    }
    made.bind(Path.of("/usr"), "/usr", true);
    for (String device : List.of("/proc", "/dev", "/sys")) {
      made.bind(Path.of(device), device, false);
    }
    made.bind(Path.of(System.getProperty("java.home")), JAVA, true);
    made.etc(hosts, image.files().resolve("etc"));
    made.add(image);
    Files.createDirectories(root.resolve("tmp"));
    return made;
  }

  /**
   * @param own what the image has of it
   */
  private void etc(Path hosts, Path own) throws IOException {
    Path etc = Files.createDirectories(root.resolve("etc"));
    for (String file : OF_ETC) {
      Path real = Files.exists(own.resolve(file)) ? own.resolve(file) : Path.of("/etc", file);
      if (Files.exists(real)) {
        Files.copy(real, etc.resolve(file));
      }
    }
    bind(Path.of("/etc/ssl"), "/etc/ssl", true);
    // Debian's own Java keeps its settings there.
    try (Stream<Path> settings = Files.list(Path.of("/etc"))) {
      for (Path each : settings.filter(RootFolder::isJavas).toList()) {
        bind(each, each.toString(), true);
      }
    }
    Files.createFile(etc.resolve("hosts"));
    script.add("mount --bind '" + hosts + "' '" + etc.resolve("hosts") + "'");
  }

  private static boolean isJavas(Path inEtc) {
    return inEtc.getFileName().toString().startsWith("java") && Files.isDirectory(inEtc);
  }

  /** Its folders at the top, as far as they are none of the base's. */
  private void add(Image image) throws IOException {
    try (Stream<Path> folders = Files.list(image.files())) {
      for (Path folder : folders.toList()) {
        String name = "/" + folder.getFileName();
        if (Files.isDirectory(folder) && !Files.exists(root.resolve(name.substring(1)))) {
          bind(folder, name, true);
        }
      }
    }
  }

  /** At a path that is none of those mounted before. */
  void bind(Path what, String at, boolean readOnly) throws IOException {
    Path there = root.resolve(at.substring(1));
    if (Files.isDirectory(what)) {
      if (!Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(there);
      }
    } else {
      Files.createDirectories(there.getParent());
      Files.createFile(there);
    }
    script.add("mount --rbind '" + what + "' '" + there + "'");
    if (readOnly) {
      script.add("mount -o remount,bind,ro '" + there + "'");
    }
  }

  /** Nothing more can be written but in volumes. */
  void seal() {
    script.add("mount -o remount,bind,ro '" + root + "'");
  }

  /**
   * The command that runs another in it.
   *
   * @param user of the form {@code uid:gid}
   * @param groups further ones, with commas; may be empty
   */
  List<String> command(String user, String groups, List<String> then) throws IOException {
    List<String> inside = new ArrayList<>(List.of("setpriv", "--no-new-privs", "chroot"));
    inside.add("--userspec=" + user);
    if (!groups.isEmpty()) {
      inside.add("--groups=" + groups);
    }
    inside.add(root.toString());
    Path file = root.resolveSibling(root.getFileName() + ".sh");
    Files.writeString(file, String.join("\n", script) + "\nexec \"$@\"\n");
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", file.toString()));
    command.addAll(inside);
    command.addAll(then);
    return command;
  }
}
