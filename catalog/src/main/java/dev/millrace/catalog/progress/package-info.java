/** How far pipelines are, from what workers say on {@code millrace.status}. */
@NullMarked
package dev.millrace.catalog.progress;

import org.jspecify.annotations.NullMarked;
