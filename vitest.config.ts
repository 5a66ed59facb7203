import { defineConfig } from 'vitest/config';
import { scenarios } from './scripts/scenarios-plugin.mjs';

export default defineConfig({
  plugins: [scenarios()],
  test: {
    setupFiles: ['scripts/vitest-setup.ts'],
    include: ['{src,bridge,bench,scripts}/**/*.test.{ts,mjs}'],
    exclude: ['**/fixtures/**'],
    testTimeout: 20_000,
  },
});
