package dev.millrace.provisioner.shell;

import dev.millrace.provisioner.core.Limits;
import dev.millrace.provisioner.report.StatusBoard;
import dev.millrace.provisioner.source.Clients;
import dev.millrace.provisioner.source.CorrectionFeed;
import dev.millrace.provisioner.source.SourceWatch;
import dev.millrace.stores.Engines;
import dev.millrace.stores.credentials.CredentialSource;

/** What a worker works with. Safe to share between threads. */
public record Equipment(
    String worker,
    Clients clients,
    SourceWatch source,
    CorrectionFeed corrections,
    StatusBoard board,
    Engines engines,
    CredentialSource credentials,
    Limits limits) {}
