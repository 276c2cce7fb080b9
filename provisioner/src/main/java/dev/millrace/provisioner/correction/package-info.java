/** What the events of a log are with what people corrected. Plain code, as the core's. */
@NullMarked
package dev.millrace.provisioner.correction;

import org.jspecify.annotations.NullMarked;
