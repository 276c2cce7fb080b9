/** The catalog as it runs on Kubernetes: what the cluster keeps, by REST and UI. */
@NullMarked
package dev.millrace.kubernetes.catalog;

import org.jspecify.annotations.NullMarked;
