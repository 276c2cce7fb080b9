/** The whole platform in one process: embedded servers, catalog, worker and a local controller. */
@NullMarked
package dev.millrace.standalone;

import org.jspecify.annotations.NullMarked;
