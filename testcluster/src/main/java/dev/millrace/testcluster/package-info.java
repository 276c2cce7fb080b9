/** A real Kubernetes on this machine, without containers. */
@NullMarked
package dev.millrace.testcluster;

import org.jspecify.annotations.NullMarked;
