package dev.millrace.bench.row;

import dev.millrace.bench.contestant.Contestant;
import java.util.List;

/**
 * One kind of work, done by some in turns.
 *
 * @param contestants in the order of a round; the baseline comes right before Millrace
 */
public record Scenario(String name, List<Contestant> contestants) {}
