import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { openapiTypes } from './scripts/openapi-plugin.mjs';
import { scenarios } from './scripts/scenarios-plugin.mjs';

export default defineConfig({
  root: 'src/app',
  base: './',
  publicDir: '../../static',
  plugins: [scenarios(), svelte({ configFile: '../../svelte.config.js' })],
  worker: { format: 'es', plugins: () => [scenarios(), openapiTypes()] },
  build: { outDir: '../../dist', emptyOutDir: true, target: 'es2023', manifest: true, sourcemap: true },
});
