import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { scenarios } from './scripts/scenarios-plugin.mjs';

export default defineConfig({
  plugins: [scenarios(), svelte()],
  test: {
    setupFiles: ['scripts/vitest-setup.ts'],
    include: ['{src,bridge,bench,conformance,scripts}/**/*.test.{ts,mjs}'],
    exclude: ['**/fixtures/**'],
    testTimeout: 20_000,
  },
});
