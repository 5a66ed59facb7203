import { defineConfig } from 'vitest/config';
import { scenarios } from './scripts/scenarios-plugin.mjs';

export default defineConfig({
  plugins: [scenarios()],
  test: {
    include: ['{src,bridge,bench,scripts}/**/*.test.{ts,mjs}'],
    exclude: ['**/fixtures/**'],
    testTimeout: 20_000,
  },
});
