/** Kubernetes: from custom resources to stores, credentials and worker pools. */
@NullMarked
package dev.millrace.operator;

import org.jspecify.annotations.NullMarked;
