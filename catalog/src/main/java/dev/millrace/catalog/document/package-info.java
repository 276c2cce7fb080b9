/** Objects as they come in and go out: JSON and YAML, names, versions. */
@NullMarked
package dev.millrace.catalog.document;

import org.jspecify.annotations.NullMarked;
