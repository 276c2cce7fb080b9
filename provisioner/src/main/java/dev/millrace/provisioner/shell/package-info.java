/** Runs the core with real consumers and stores. */
@NullMarked
package dev.millrace.provisioner.shell;

import org.jspecify.annotations.NullMarked;
