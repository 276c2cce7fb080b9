package dev.millrace.stores;

import dev.millrace.api.correction.EventPlace;
import java.util.Set;

/**
 * What becomes of dead letters that somebody corrected, written in one step. The cursors stay where
 * they are and only count differently.
 *
 * @param batch the changes in offset order, to be folded as any other; a {@code Dead} among them is
 *     a letter that stays, and has this reason from now on. Its moves lead from an offset to the
 *     same
 * @param settled the letters that go
 */
public record Amendment(Batch batch, Set<EventPlace> settled) {
  public Amendment {
    settled = Set.copyOf(settled);
  }
}
