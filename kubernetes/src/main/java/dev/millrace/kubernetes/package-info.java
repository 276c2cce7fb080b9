/** What runs in containers: operator and worker, each by the same image. */
@NullMarked
package dev.millrace.kubernetes;

import org.jspecify.annotations.NullMarked;
