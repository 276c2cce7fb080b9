package dev.millrace.provisioner.core;

import dev.millrace.api.ask.Measurement.SharedReading;
import java.util.List;

/**
 * With whom a pipeline that holds its store is read.
 *
 * @param partitions those that have not come to their end
 */
public record Sharing(Ticket ticket, List<SharedReading> partitions) {}
