package dev.millrace.provisioner.pipeline;

import dev.millrace.provisioner.report.StatusBoard;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.CredentialSource;

/**
 * What a worker lends each of its pipelines. Safe to share between threads.
 *
 * @param presenceBytes memory of one pipeline for the keys in its store
 * @param batchBytes about the largest batch
 */
public record Equipment(
    String worker,
    Clients clients,
    SourceWatch source,
    StatusBoard board,
    Engines engines,
    CredentialSource credentials,
    long presenceBytes,
    long batchBytes) {}
