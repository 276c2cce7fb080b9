/** The worker: reads plans, owns partitions, and runs a pipeline for each subscription. */
@NullMarked
package dev.millrace.provisioner;

import org.jspecify.annotations.NullMarked;
