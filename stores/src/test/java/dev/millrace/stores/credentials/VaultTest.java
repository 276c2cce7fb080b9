package dev.millrace.stores.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VaultTest {
  @Test
  void passwordsAreLongAndNeverTheSame() {
    assertThat(Vault.newPassword()).matches("[0-9a-f]{40}");
    assertThat(Vault.newPassword()).isNotEqualTo(Vault.newPassword());
  }
}
