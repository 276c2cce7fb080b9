package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.store.PostgresReplica;
import dev.millrace.chaos.store.PostgresServer;
import dev.millrace.chaos.store.RedisReplica;
import dev.millrace.chaos.store.RedisServer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store has a replica: it is reached by mistake, or takes the store's place. */
final class Replicas {
  private static final Set<Need> IN_POSTGRES = EnumSet.of(Need.TABLE, Need.JOURNAL);
  private static final Set<Need> IN_REDIS = EnumSet.of(Need.HASHES);
  private static final Duration NAMED = Duration.ofSeconds(60);

  private Replicas() {}

  static List<Kind> kinds() {
    return List.of(
        new OfPostgres("postgres-replica-promoted", true, Replicas::promotePostgres),
        new OfRedis("redis-replica-promoted", true, Replicas::promoteRedis),
        new OfPostgres("connected-to-replica", false, Replicas::confusePostgres),
        new OfRedis("redis-connected-to-replica", false, Replicas::confuseRedis));
  }

  private static void promotePostgres(Scene scene, PostgresReplica replica, Random random)
      throws Exception {
    PostgresServer postgres = scene.site().postgres();
    replica.lag();
    Thread.sleep(random.nextInt(2000));
    Setback setback = Setback.ofWhatComesNow(scene, IN_POSTGRES);
    postgres.failOver(replica);
    setback.require();
    scene.site().toPostgres().redirect(postgres.port());
  }

  private static void promoteRedis(Scene scene, RedisReplica replica, Random random)
      throws Exception {
    RedisServer redis = scene.site().redis();
    replica.lag();
    Thread.sleep(random.nextInt(2000));
    Setback setback = Setback.ofWhatComesNow(scene, IN_REDIS);
    redis.failOver(replica);
    setback.require();
    scene.site().toRedis().redirect(redis.port());
  }

  private static void confusePostgres(Scene scene, PostgresReplica replica, Random random)
      throws Exception {
    scene.site().toPostgres().redirect(replica.port());
    try {
      for (Need need : IN_POSTGRES) {
        scene.awaitReason(need, "StoreReadOnly", NAMED);
      }
      Thread.sleep(random.nextInt(3000));
    } finally {
      scene.site().toPostgres().redirect(scene.site().postgres().port());
    }
  }

  private static void confuseRedis(Scene scene, RedisReplica replica, Random random)
      throws Exception {
    scene.site().toRedis().redirect(replica.port());
    try {
      scene.awaitReason(Need.HASHES, "StoreReadOnly", NAMED);
      Thread.sleep(random.nextInt(3000));
    } finally {
      scene.site().toRedis().redirect(scene.site().redis().port());
    }
  }

  private interface Blow<R> {
    void hit(Scene scene, R replica, Random random) throws Exception;
  }

  private abstract static class WithReplica<R extends AutoCloseable> implements Kind {
    private final String name;
    private final boolean promotes;
    private final Blow<R> blow;
    private @Nullable R replica;

    WithReplica(String name, boolean promotes, Blow<R> blow) {
      this.name = name;
      this.promotes = promotes;
      this.blow = blow;
    }

    abstract R make(Scene scene) throws Exception;

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean rewinds() {
      return promotes;
    }

    @Override
    public void prepare(Scene scene) throws Exception {
      replica = make(scene);
    }

    @Override
    public void strike(Scene scene, Random random) throws Exception {
      blow.hit(scene, Objects.requireNonNull(replica), random);
      if (promotes) {
        // It is the store now.
        replica = null;
      }
    }

    @Override
    public void after(Scene scene) throws Exception {
      R left = replica;
      replica = null;
      if (left != null) {
        left.close();
      }
    }
  }

  private static final class OfPostgres extends WithReplica<PostgresReplica> {
    OfPostgres(String name, boolean promotes, Blow<PostgresReplica> blow) {
      super(name, promotes, blow);
    }

    @Override
    PostgresReplica make(Scene scene) throws Exception {
      return scene.site().postgres().replica();
    }
  }

  private static final class OfRedis extends WithReplica<RedisReplica> {
    OfRedis(String name, boolean promotes, Blow<RedisReplica> blow) {
      super(name, promotes, blow);
    }

    @Override
    RedisReplica make(Scene scene) throws Exception {
      return scene.site().redis().replica();
    }
  }
}
