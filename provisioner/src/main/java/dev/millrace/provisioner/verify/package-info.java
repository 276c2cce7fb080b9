/**
 * Proves, or refutes, that a store holds what its stream says: the stream is folded anew, apart
 * from the pipeline, and compared row by row.
 */
@NullMarked
package dev.millrace.provisioner.verify;

import org.jspecify.annotations.NullMarked;
