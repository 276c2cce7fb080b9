package dev.millrace.standalone.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which servers are there already; the others are started.
 *
 * @param kafka bootstrap address
 * @param kafkaProperties further client settings for it
 * @param postgres {@code postgresql://user:password@host:port/database}
 * @param redis {@code redis://user:password@host:port}
 */
public record ServerChoice(
    Optional<String> kafka,
    Optional<Path> kafkaProperties,
    Optional<URI> postgres,
    Optional<URI> redis) {}
