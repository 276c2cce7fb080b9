package dev.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code openapi.yaml} is checked in, for clients are made from it: it must be what is served. */
@CatalogTest
class OpenApiTest {
  private static final Path CHECKED_IN = Path.of("../openapi.yaml");

  @Test
  void theContractThatIsCheckedInIsTheOneServed() throws IOException {
    String served = Api.ADA.get("/openapi").text();
    if (Boolean.getBoolean("openapi.write")) {
      Files.writeString(CHECKED_IN, served);
    }

    assertThat(Files.readString(CHECKED_IN))
        .as(
            "openapi.yaml is old; write it anew with: ./mvnw -pl catalog -am test"
                + " -Dtest=OpenApiTest -Dopenapi.write=true -Dsurefire.failIfNoSpecifiedTests=false")
        .isEqualTo(served);
  }

  @Test
  void theContractIsServedAsJsonToo() {
    assertThat(Api.ADA.get("/openapi?format=json").json().path("openapi").asText())
        .startsWith("3.1");
  }
}
