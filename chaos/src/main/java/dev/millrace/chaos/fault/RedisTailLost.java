package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.store.RedisServer;
import java.util.Random;

/**
 * AOF everysec: the last second of writes may be lost when the machine goes down. Up to half of the
 * round is taken here, at any byte, so within a transaction too.
 */
final class RedisTailLost implements Kind {
  private long before;

  @Override
  public String name() {
    return "redis-tail-lost";
  }

  @Override
  public boolean rewinds() {
    return true;
  }

  @Override
  public void prepare(Scene scene) throws Exception {
    before = scene.site().redis().appended();
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    RedisServer redis = scene.site().redis();
    redis.kill();
    long gained = redis.appended() - before;
    redis.cutTo(before + gained - 1 - (long) (random.nextDouble() * gained / 2));
    redis.startAgain();
  }
}
