package dev.millrace.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ObjectKey;
import dev.millrace.stores.StoreProblem;
import dev.millrace.stores.StoreSite;
import dev.millrace.stores.credentials.Credentials;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {
  private static final StoreSite SITE =
      new StoreSite(
          new ObjectKey("sales", "orders"),
          "Postgres",
          "db.example",
          5432,
          "orders",
          "disable",
          Optional.empty(),
          new Credentials("writer", "secret"));

  @ParameterizedTest
  @CsvSource({
    "08001, StoreUnavailable, true",
    "08006, StoreUnavailable, true",
    "57P01, StoreUnavailable, true",
    "57P03, StoreUnavailable, true",
    "57014, StoreUnavailable, true",
    "53300, StoreUnavailable, true",
    "53200, StoreUnavailable, true",
    "40P01, StoreUnavailable, true",
    "40001, StoreUnavailable, true",
    "28P01, CredentialsRejected, false",
    "28000, CredentialsRejected, false",
    "42501, PermissionMissing, false",
    "53100, StoreFull, true",
    "25006, StoreReadOnly, true",
    "3D000, StoreLost, false",
    "42P01, StoreLost, false",
    "3F000, StoreLost, false",
    "55P03, TableLocked, true",
    "2BP01, SchemaRejected, false",
    "23505, SchemaRejected, false",
    "23514, SchemaRejected, false",
    "22003, SchemaRejected, false",
    "42703, SchemaRejected, false",
    "42804, SchemaRejected, false",
    "54000, SchemaRejected, false",
    "P0001, SchemaRejected, false",
    "XX000, StoreUnsuitable, false",
    "58030, StoreUnsuitable, false"
  })
  void everyStateBecomesAProblemThatQuotesNothing(String state, String code, boolean passing) {
    StoreProblem problem =
        new Problems(SITE, "writer").of(new SQLException("Key (id)=(private) exists", state));
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.passing()).isEqualTo(passing);
    assertThat(problem.getMessage()).contains("db.example:5432/orders").doesNotContain("private");
    assertThat(problem.remedy()).isNotBlank();
    assertThat(problem.getCause()).hasMessage("SQLSTATE " + state).hasNoCause();
  }
}
