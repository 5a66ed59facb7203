import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { scenarios } from './scripts/scenarios-plugin.mjs';

export default defineConfig({
  root: 'src/app',
  base: './',
  publicDir: '../../static',
  plugins: [scenarios(), svelte({ configFile: '../../svelte.config.js' })],
  worker: { format: 'es', plugins: () => [scenarios()] },
  build: { outDir: '../../dist', emptyOutDir: true, target: 'es2023', manifest: true, sourcemap: true },
});
