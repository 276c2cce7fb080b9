package dev.millrace.provisioner.shell;

import dev.millrace.api.correction.EventPlace;
import dev.millrace.api.plan.PipelinePlan;
import dev.millrace.provisioner.core.Blocked;
import dev.millrace.provisioner.core.Stretch;
import dev.millrace.provisioner.core.Trouble;
import dev.millrace.provisioner.correction.Amending;
import dev.millrace.provisioner.correction.Corrections;
import dev.millrace.provisioner.source.Cancelled;
import dev.millrace.provisioner.source.History;
import dev.millrace.provisioner.source.Rewound;
import dev.millrace.provisioner.source.Running;
import dev.millrace.provisioner.source.SourceProblem;
import dev.millrace.stores.Amendment;
import dev.millrace.stores.Fenced;
import dev.millrace.stores.StoreProblem;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Brings corrections into a store, while nothing else is taken in or written there. */
final class Amends {
  private static final Logger LOG = Logger.getLogger(Amends.class);

  private final Session session;
  private final PipelinePlan plan;
  private final Equipment equipment;

  Amends(Session session, Equipment equipment) {
    this.session = session;
    this.plan = session.plan();
    this.equipment = equipment;
  }

  /** Returns what counts otherwise now. */
  List<Stretch.Done> make(Set<EventPlace> due) throws Blocked, SourceProblem, StoreProblem, Fenced {
    Corrections corrections = session.corrections().get();
    Map<Integer, Long> cursors = session.intake().positions();
    Amending amending =
        new Amending(session.transform(), corrections, open(corrections, cursors), due);
    if (amending.isEmpty()) {
      return List.of();
    }
    read(amending, cursors);
    Amendment amendment = amending.amendment(cursors, Instant.now());
    session.sink().amend(amendment);
    session.intake().amended(amendment);
    LOG.infof(
        "amended subscription=%s store=%s settled=%s",
        plan.subscription(), plan.target().store(), amendment.settled());
    return amendment.batch().moves().stream().map(Stretch.Done::amended).toList();
  }

  private Set<EventPlace> open(Corrections corrections, Map<Integer, Long> cursors)
      throws StoreProblem {
    return session
        .sink()
        .deadLetters(
            corrections.places().stream()
                .filter(place -> cursors.containsKey(place.partition()))
                .collect(Collectors.toSet()));
  }

  /** From the first corrected event on: what came of its key since then counts. */
  private void read(Amending amending, Map<Integer, Long> cursors)
      throws Blocked, SourceProblem, StoreProblem {
    equipment.source().verify(plan.source().topic(), plan.source().topicId());
    Running running = new Running(() -> !session.isEnded());
    try (History history =
        new History(equipment.clients(), equipment.source(), plan.source(), running)) {
      history.begin(beginnings(history, amending, cursors));
      history.readTo(cursors, amending::read);
    } catch (Rewound e) {
      throw interrupted("its events left the log while they were read");
    } catch (Cancelled e) {
      throw interrupted("its store was let go");
    }
  }

  /** Where retention has taken the event itself, whatever is left tells nothing of it. */
  private static Map<Integer, Long> beginnings(
      History history, Amending amending, Map<Integer, Long> cursors) throws SourceProblem {
    Map<Integer, Long> from = new HashMap<>();
    Map<Integer, Long> there = history.beginnings(amending.from().keySet());
    amending
        .from()
        .forEach((partition, offset) ->
            from.put(
                partition,
                Math.min(cursors.get(partition), Math.max(offset, there.get(partition)))));
    return from;
  }

  private static Blocked interrupted(String why) {
    return new Blocked(
        new Trouble(
            "SourceUnavailable",
            "A correction was not applied: " + why,
            "It is tried again by itself.",
            Trouble.Again.SOON));
  }
}
