/**
 * Seeded bugs: each is put into a copy of the sources, and the simulator or a test must find it.
 */
@NullMarked
package dev.millrace.chaos.mutants;

import org.jspecify.annotations.NullMarked;
