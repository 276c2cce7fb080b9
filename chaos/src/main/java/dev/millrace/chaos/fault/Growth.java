package dev.millrace.chaos.fault;

import dev.millrace.chaos.round.Need;
import dev.millrace.chaos.round.Scene;
import dev.millrace.chaos.round.Variant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;

/** How a subscription comes to other columns while its store keeps its rows. */
enum Growth {
  /** It takes every field, and the product's schema gets one more. */
  FIELD {
    @Override
    boolean isDue(Variant variant) {
      return variant.takesEvery();
    }

    @Override
    Variant madeDue(Variant variant) {
      return variant.withEvery();
    }
  },
  /** A decimal column that some events do not fit takes one digit more. */
  DIGIT {
    @Override
    boolean isDue(Variant variant) {
      return variant.precision() != null && variant.precision() < WIDEST && !variant.again();
    }

    @Override
    Variant madeDue(Variant variant) {
      return variant.withPrecision(NARROW);
    }
  };

  private static final int NARROW = 5;
  private static final int WIDEST = 9;

  /** Whether it can be done without building anything anew. */
  abstract boolean isDue(Variant variant);

  abstract Variant madeDue(Variant variant);

  /** The same for all three. */
  static Map<Need, Growth> all(Growth growth) {
    Map<Need, Growth> all = new EnumMap<>(Need.class);
    EnumSet.allOf(Need.class).forEach(need -> all.put(need, growth));
    return all;
  }

  /** One has its column widened, another one in each scene, and the others get a field. */
  static Map<Need, Growth> mixed(Scene scene) {
    Map<Need, Growth> all = all(FIELD);
    all.put(Need.values()[scene.number() % Need.values().length], DIGIT);
    return all;
  }

  /** Returns when each of them can take its growth, and does not object to it. */
  static void prepare(Scene scene, Map<Need, Growth> growths) throws Exception {
    EnumSet<Need> built = EnumSet.noneOf(Need.class);
    for (Map.Entry<Need, Growth> each : growths.entrySet()) {
      Need need = each.getKey();
      Variant variant = scene.variant(need).onSchemaChange(null);
      if (!each.getValue().isDue(variant)) {
        scene.become(need, each.getValue().madeDue(variant));
        built.add(need);
      } else if (!variant.equals(scene.variant(need))) {
        scene.restate(need, variant);
      }
    }
    built.forEach(scene::awaitRebuilt);
  }

  /** Asks for all of it. */
  static void ask(Scene scene, Map<Need, Growth> growths, Random random) throws Exception {
    boolean fieldFirst = random.nextBoolean();
    boolean field = growths.containsValue(FIELD);
    if (field && fieldFirst) {
      scene.addField();
    }
    for (Map.Entry<Need, Growth> each : growths.entrySet()) {
      if (each.getValue() == DIGIT) {
        Variant variant = scene.variant(each.getKey());
        scene.alter(each.getKey(), variant.withPrecision(variant.precision() + 1));
      }
    }
    if (field && !fieldFirst) {
      scene.addField();
    }
    scene.site().trace().note("columns are to come: " + growths);
  }

  static void awaitAll(Scene scene) throws Exception {
    for (Need need : Need.values()) {
      scene.awaitAltered(need);
    }
  }
}
