package dev.millrace.operator.store;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.util.List;
import java.util.Optional;

/** Redis, durable: with an append-only file, synced each second, that forgets nothing. */
final class RedisRecipe implements Recipe {
  private static final String USERS = DATA + "/users.acl";

  @Override
  public int port() {
    return 6379;
  }

  @Override
  public long user() {
    return 999;
  }

  /** The users that were made since stay. */
  @Override
  public String prepare() {
    return """
    set -eu
    umask 077
    digest=$(sha256sum %2$s/password | cut -c1-64)
    {
      echo "user default on #$digest ~* &* +@all"
      if [ -e %1$s ]; then sed '/^user default /d' %1$s; fi
    } > %1$s.new
    mv %1$s.new %1$s
    """
        .formatted(USERS, LOGIN);
  }

  /** A third of its memory is for the copy that is written when its file is made anew. */
  @Override
  public List<String> command(long memory, long storage) {
    return List.of(
        "redis-server",
        "--bind",
        "$(" + ADDRESS + ")",
        "--port",
        Integer.toString(port()),
        "--dir",
        DATA,
        "--aclfile",
        USERS,
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--save",
        "",
        "--maxmemory",
        Long.toString(memory / 3 * 2),
        "--maxmemory-policy",
        "noeviction");
  }

  /** While it loads its file it answers so, and whoever asks tries again. */
  @Override
  public Probe ready() {
    return new ProbeBuilder()
        .withNewTcpSocket()
        .withPort(new IntOrString(port()))
        .endTcpSocket()
        .withPeriodSeconds(2)
        .withTimeoutSeconds(3)
        .build();
  }

  @Override
  public Optional<List<String>> stop() {
    return Optional.empty();
  }
}
