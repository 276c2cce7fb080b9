/** The application as users run it: a process, its REST API, its stores. */
@NullMarked
package dev.millrace.standalone.process;

import org.jspecify.annotations.NullMarked;
