/** From a log's bytes to rows and cursors: one pipeline for each subscription. */
@NullMarked
package dev.millrace.provisioner.pipeline;

import org.jspecify.annotations.NullMarked;
