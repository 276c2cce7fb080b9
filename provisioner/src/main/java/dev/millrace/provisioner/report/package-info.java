/** What workers say of partitions on {@code millrace.status}, and when. */
@NullMarked
package dev.millrace.provisioner.report;

import org.jspecify.annotations.NullMarked;
