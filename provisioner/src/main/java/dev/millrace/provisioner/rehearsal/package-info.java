/** What a worker does before it has anything to do. */
@NullMarked
package dev.millrace.provisioner.rehearsal;

import org.jspecify.annotations.NullMarked;
