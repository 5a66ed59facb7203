import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { determinism, rawPromises } from './scripts/rules/determinism.mjs';

const tests = ['**/*.test.ts', 'e2e/**'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'test-results/', 'playwright-report/', '**/*.mjs', '**/*.cjs', '**/*.js'] },

  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'object-shorthand': 'error',
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Walks up or down a tree begin at the node itself.
      '@typescript-eslint/no-this-alias': ['error', { allowedNames: ['group', 'space', 'kernel'] }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // Knows that `let { … } = $props()` is how props are declared.
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      // For SvelteKit only: we have no router whose links need resolving.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },

  ...determinism,
  ...rawPromises,

  {
    // What talks to a person at a terminal prints.
    files: ['src/world/node/**', 'bridge/**', 'bench/**', 'conformance/**', ...tests],
    rules: { 'no-console': 'off' },
  },
  { files: tests, rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['*.config.ts'], rules: { 'no-restricted-exports': 'off' } },
);
