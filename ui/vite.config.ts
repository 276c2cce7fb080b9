import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const PLATFORM = 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    // The jar's static resources; Maven cleans the folder with the module.
    outDir: 'target/classes/META-INF/resources',
    emptyOutDir: true,
    // The policy is default-src 'self': nothing may become a data: address.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      // The platform refuses other hosts and origins, so the dev server speaks as the platform's own.
      '/docs': { target: PLATFORM, changeOrigin: true },
      '/api': { target: PLATFORM, changeOrigin: true, headers: { origin: PLATFORM } },
    },
  },
  test: {
    // Tests that need a page say so themselves: making one for each file would take most of the time.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    // PatternFly's components ask for their style sheets, which Node alone cannot read.
    server: { deps: { inline: [/@patternfly/] } },
    // Five seconds are not enough for a page on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
