/** Answers what people ask of a pipeline: its rows and its dead letters. */
@NullMarked
package dev.millrace.provisioner.question;

import org.jspecify.annotations.NullMarked;
