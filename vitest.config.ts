import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { openapiTypes } from './scripts/openapi-plugin.mjs';
import { scenarios } from './scripts/scenarios-plugin.mjs';

export default defineConfig({
  plugins: [scenarios(), openapiTypes(), svelte()],
  test: {
    setupFiles: ['scripts/vitest-setup.ts'],
    include: ['{src,bridge,bench,conformance,scripts}/**/*.test.{ts,mjs}'],
    exclude: ['**/fixtures/**'],
    testTimeout: 20_000,
  },
});
