package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Kind;
import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.store.RedisServer;
import dev.millrace.embedded.Ports;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A store forgets that it took on other columns, and with them the events behind. It must take them
 * on again, since the same offsets.
 */
final class AlterationUndone implements Kind {
  private static final Set<Need> IN_POSTGRES = EnumSet.of(Need.TABLE, Need.JOURNAL);
  private static final Set<Need> IN_REDIS = EnumSet.of(Need.HASHES);

  private final String name;
  private final Set<Need> forgetful;
  private final Prepare prepare;
  private final Forget forget;
  private Map<Need, Growth> growths = Map.of();
  private long before;

  private interface Prepare {
    long prepare(Scene scene) throws Exception;
  }

  private interface Forget {
    void forget(Scene scene, Setback setback, long bytes) throws Exception;
  }

  private AlterationUndone(String name, Set<Need> forgetful, Prepare prepare, Forget forget) {
    this.name = name;
    this.forgetful = forgetful;
    this.prepare = prepare;
    this.forget = forget;
  }

  static List<Kind> kinds() {
    return List.of(
        new AlterationUndone(
            "alter-postgres-restored",
            IN_POSTGRES,
            scene -> {
              scene.site().postgres().backUp();
              return 0;
            },
            AlterationUndone::restorePostgres),
        new AlterationUndone(
            "alter-redis-tail-lost",
            IN_REDIS,
            scene -> scene.site().redis().appended(),
            AlterationUndone::cutRedis));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean rewinds() {
    return true;
  }

  @Override
  public boolean rebuilds() {
    return true;
  }

  @Override
  public void prepare(Scene scene) throws Exception {
    growths = Growth.mixed(scene);
    Growth.prepare(scene, growths);
    before = prepare.prepare(scene);
  }

  @Override
  public void strike(Scene scene, Random random) throws Exception {
    long asked = scene.site().redis().appended();
    Growth.ask(scene, growths, random);
    Growth.awaitAll(scene);
    Setback setback = Setback.ofWhatComesNow(scene, forgetful);
    forget.forget(scene, setback, before + (long) (random.nextDouble() * (asked - before)));
  }

  @Override
  public void settle(Scene scene) throws Exception {
    for (Need need : Need.values()) {
      scene.awaitAlteredAgain(need);
    }
  }

  /** Nobody reaches it before it is seen how far it went back. */
  private static void restorePostgres(Scene scene, Setback setback, long bytes) throws Exception {
    scene.site().toPostgres().redirect(Ports.free());
    scene.site().postgres().restore();
    setback.require();
    scene.site().toPostgres().redirect(scene.site().postgres().port());
  }

  /** Of the round's writes some are left of before the change was asked for. */
  private static void cutRedis(Scene scene, Setback setback, long bytes) throws Exception {
    RedisServer redis = scene.site().redis();
    scene.site().toRedis().redirect(Ports.free());
    redis.kill();
    redis.cutTo(bytes);
    redis.startAgain();
    setback.require();
    scene.site().toRedis().redirect(redis.port());
  }
}
