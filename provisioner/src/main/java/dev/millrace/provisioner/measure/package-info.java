/** Where a pipeline's time goes, and so what limits it. Told by the shell; no clock of its own. */
@NullMarked
package dev.millrace.provisioner.measure;

import org.jspecify.annotations.NullMarked;
