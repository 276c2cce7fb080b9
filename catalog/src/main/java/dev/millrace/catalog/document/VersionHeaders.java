package dev.millrace.catalog.document;

import jakarta.ws.rs.HeaderParam;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** The headers that make a change conditional. */
public final class VersionHeaders {
  @Parameter(description = "Change only this version: the ETag of a GET.")
  @HeaderParam("If-Match")
  public @Nullable String ifMatch;

  @Parameter(description = "`*`: create, and change nothing that is there.")
  @HeaderParam("If-None-Match")
  public @Nullable String ifNoneMatch;

  public Versions versions() {
    return Versions.of(ifMatch, ifNoneMatch);
  }
}
