package dev.millrace.catalog.document;

import dev.millrace.catalog.problem.Refusal;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** Whether to check only. Anything but true and false is refused: a typo must not do the deed. */
public final class DryRunQuery {
  @Parameter(
      description = "Check everything and do nothing.",
      schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
  @QueryParam("dryRun")
  public @Nullable String dryRun;

  /**
   * @throws Refusal 400 {@code InvalidParameter}
   */
  public boolean isAsked() {
    if (dryRun == null || dryRun.equals("false")) {
      return false;
    }
    if (dryRun.equals("true")) {
      return true;
    }
    throw new Refusal(
        400, "InvalidParameter", "the query parameter 'dryRun' is wrong", "Use true or false.");
  }
}
