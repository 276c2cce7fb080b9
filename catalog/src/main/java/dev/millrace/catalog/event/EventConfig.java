package dev.millrace.catalog.event;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How patient the event store's doors are. */
@ConfigMapping(prefix = "millrace.events")
interface EventConfig {

  /**
   * How long the broker may take for one event of a publisher, before {@code SourceUnavailable}.
   */
  @WithDefault("20s")
  Duration publishPatience();

  /** How long looking at the latest events may take. */
  @WithDefault("5s")
  Duration readPatience();

  /** How long a preview may read, and how long it may evaluate. */
  @WithDefault("1s")
  Duration previewTime();
}
