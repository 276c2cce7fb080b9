/**
 * The real core against a simulated broker, stores, workers and clock, all of one seed: the same
 * seed gives the same run.
 */
@NullMarked
package dev.millrace.provisioner.simulation;

import org.jspecify.annotations.NullMarked;
