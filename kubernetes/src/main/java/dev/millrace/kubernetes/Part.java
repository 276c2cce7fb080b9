package dev.millrace.kubernetes;

import dev.millrace.controller.CannotStart;
import io.prometheus.client.Collector;
import java.util.List;

/** What one container does. */
sealed interface Part permits OperatorPart, WorkerPart {
  /** Returns at once; what is not there yet is waited for. */
  void start() throws CannotStart;

  /** Whether it does what it is for, or stands by. */
  boolean isReady();

  /** For whoever collects metrics. */
  List<Collector.MetricFamilySamples> figures();

  void stop();
}
