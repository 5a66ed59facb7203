import { defineConfig } from '@playwright/test';

// Another port where two copies of the tree are tested side by side.
const port = process.env.E2E_PORT ?? '4173';
const address = `http://127.0.0.1:${port}`;

/** Tests run against the built page, in whatever Chromium `scripts/chromium.mjs` found. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/playwright',
  fullyParallel: false,
  workers: 1,
  timeout: 120_000,
  reporter: [['list'], ['json', { outputFile: 'node_modules/.cache/bottleship/playwright.json' }]],
  use: {
    baseURL: address,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
      ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
    },
  },
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: address,
    reuseExistingServer: false,
    timeout: 30_000,
  },
});
