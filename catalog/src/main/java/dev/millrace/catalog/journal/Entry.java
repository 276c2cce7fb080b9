package dev.millrace.catalog.journal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.api.ObjectKey;
import java.time.Instant;

/**
 * One decision as it is kept.
 *
 * @param position in the whole journal; grows, with gaps
 * @param version within the stream of one object, from 1, without gaps
 * @param type simple name of the event
 */
public record Entry(
    long position,
    String kind,
    ObjectKey key,
    long version,
    String type,
    JsonNode payload,
    String actor,
    Instant at) {}
