package dev.millrace.catalog.problem;

import dev.millrace.api.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every exception that leaves a resource becomes a problem; a stack trace reaches no client. */
final class ProblemMapping {
  private static final Logger LOG = Logger.getLogger(ProblemMapping.class);

  @ServerExceptionMapper
  Response refused(Refusal refusal, RoutingContext context) {
    return response(refusal.problem(Problems.instance(context)));
  }

  /** What the framework itself says no to: paths, methods, media types. */
  @ServerExceptionMapper
  Response refused(WebApplicationException e, RoutingContext context) {
    int status = e.getResponse().getStatus();
    return status >= 500 ? unexpected(e, context) : refused(FrameworkRefusals.of(status), context);
  }

  @ServerExceptionMapper
  Response unexpected(Throwable e, RoutingContext context) {
    String id = UUID.randomUUID().toString();
    LOG.errorf(e, "request failed id=%s method=%s", id, context.request().method());
    return refused(
        new Refusal(
            500,
            "Internal",
            "something went wrong that should not; it is logged as " + id,
            "Tell whoever runs this platform the id."),
        context);
  }

  private static Response response(Problem problem) {
    Response.ResponseBuilder response =
        Response.status(problem.status()).type(Problems.MEDIA_TYPE).entity(Problems.json(problem));
    if (problem.status() == 503) {
      response.header(HttpHeaders.RETRY_AFTER, 2);
    }
    return response.build();
  }
}
