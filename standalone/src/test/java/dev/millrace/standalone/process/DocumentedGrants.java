package dev.millrace.standalone.process;

import dev.millrace.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * The statements of {@code docs/external-stores.md}, with the test's passwords. The writer is
 * called {@code brought}, since {@code millrace} is what our own embedded Postgres calls its
 * superuser.
 */
final class DocumentedGrants {
  private static final Path PAGE = Path.of("..", "docs", "external-stores.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w*)\n(.*?)```");
  private static final Pattern OPERATION = Pattern.compile("--operation (\\w+)");
  private static final Pattern RESOURCE = Pattern.compile("--(topic|group) (\\S+)");

  private final String password;
  private final List<String> sql = new ArrayList<>();
  private final List<String> redis = new ArrayList<>();
  private final List<String> kafka = new ArrayList<>();

  DocumentedGrants(String password) {
    this.password = password;
    Matcher block = BLOCK.matcher(page());
    while (block.find()) {
      String text = block.group(2).replace("\\\n", " ");
      if (block.group(1).equals("sql")) {
        sql.add(text);
      } else if (text.startsWith("ACL SETUSER")) {
        redis.add(text);
      } else if (text.startsWith("kafka-acls")) {
        text.lines().forEach(kafka::add);
      }
    }
  }

  String postgresWithReader() {
    return named(sql.get(0));
  }

  /** Without what is needed only where PUBLIC has lost its rights. */
  String postgresMakingReaders() {
    return named(sql.get(1))
        .lines()
        .filter(line -> !line.contains("only if"))
        .findFirst()
        .orElseThrow();
  }

  String[] redisWriter() {
    return command(redis.get(0).replace("millrace on", "brought on"));
  }

  /** What a rebuild needs in addition. */
  String[] redisRebuilds() {
    return command(redis.get(1).replace("millrace ~", "brought ~"));
  }

  String[] redisReader() {
    return command(redis.get(2));
  }

  String[] redisMakingReaders() {
    return command("ACL SETUSER brought +acl|setuser +acl|deluser +acl|save");
  }

  /** From now on the client's principal may do what the page says and nothing else. */
  void limitKafka(EmbeddedKafka broker) throws Exception {
    List<AclBinding> bindings = new ArrayList<>();
    // Where a rule names somebody, nobody else is let in by default.
    Stream.of(ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)
        .forEach(type ->
            bindings.add(allow("User:nobody", type, "*", PatternType.LITERAL, AclOperation.ALL)));
    bindings.add(
        allow(
            "User:nobody",
            ResourceType.CLUSTER,
            "kafka-cluster",
            PatternType.LITERAL,
            AclOperation.ALL));
    for (String line : kafka) {
      Matcher resource = RESOURCE.matcher(line);
      if (!resource.find()) {
        throw new IllegalStateException("names no resource: " + line);
      }
      PatternType pattern =
          line.contains("--resource-pattern-type prefixed")
              ? PatternType.PREFIXED
              : PatternType.LITERAL;
      ResourceType type =
          resource.group(1).equals("topic") ? ResourceType.TOPIC : ResourceType.GROUP;
      Matcher operation = OPERATION.matcher(line);
      while (operation.find()) {
        bindings.add(
            allow(
                "User:client",
                type,
                resource.group(2),
                pattern,
                SecurityUtils.operation(operation.group(1))));
      }
    }
    try (Admin admin = Admin.create(new HashMap<>(broker.platformProperties()))) {
      admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
      admin.createAcls(bindings).all().get();
    }
  }

  private static AclBinding allow(
      String principal,
      ResourceType type,
      String name,
      PatternType pattern,
      AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, name, pattern),
        new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
  }

  private String named(String statements) {
    return statements
        .replace("…", password)
        .replaceAll("(ROLE|TO|AUTHORIZATION) millrace\\b", "$1 brought");
  }

  private String[] command(String line) {
    return line.strip().replace("PASSWORD", password).split("\\s+");
  }

  private static String page() {
    try {
      return Files.readString(PAGE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
