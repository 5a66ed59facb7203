// `npm run world|bridge|bench`: bundles the TypeScript of one entry, keeps the bundle while its sources stand still, and
// imports it into this very process, so that arguments, standard streams, signals and the exit status are its own.
// (The scripts in package.json say `exec`: else npm's shell would keep signals to itself.)
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freshBundle, bundle } from './bundle.mjs';
import { ensureInstalled, root } from './install.mjs';

const entries = {
  world: 'src/world/node/main.ts',
  bridge: 'bridge/main.ts',
  live: 'bridge/live/main.ts',
  bench: 'bench/main.ts',
  'conformance-kubectl': 'conformance/kubectl/main.ts',
  'conformance-kubectl-requests': 'conformance/kubectl-requests/main.ts',
  'conformance-loops': 'conformance/loops/main.ts',
  'conformance-behaviours': 'conformance/behaviours/main.ts',
  'conformance-api': 'conformance/api/main.ts',
  'conformance-shell': 'conformance/bash/main.ts',
  'conformance-oils': 'conformance/oils/main.ts',
  'conformance-check': 'conformance/check/main.ts',
  'conformance-record': 'conformance/check/record.ts',
  'conformance-docker': 'conformance/docker/main.ts',
  'conformance-docker-api': 'conformance/docker-api/main.ts',
  'conformance-docker-system': 'conformance/docker-system/main.ts',
  'layer-digests': 'scripts/layer-digests.ts',
  'record-netfilter': 'scripts/record-netfilter.ts',
};

const [name, ...args] = process.argv.slice(2);
const entry = entries[name];
if (entry === undefined || !existsSync(join(root, entry))) {
  console.error(
    entry ? `${name}: ${entry} is missing` : `usage: node scripts/run.mjs ${Object.keys(entries).join('|')}`,
  );
  process.exit(2);
}

try {
  ensureInstalled();
} catch (fault) {
  console.error(`${name}: ${fault.message}`);
  process.exit(1);
}
const main = freshBundle(name) ?? (await bundle(name, entry));

// npm runs us in the project's folder; paths that a person gives are relative to where the person stands.
if (process.env.npm_lifecycle_event !== undefined && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
process.argv = [process.argv[0], join(root, entry), ...args];
// Who starts threads (the bench) runs this bundle in them; its own place is that of its sources, as a rule.
process.env.BOTTLESHIP_BUNDLE = main;
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
