// `node scripts/record-node.mjs`: what the real Node.js says to each script, into src/programs/node/recorded/recorded.json.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { scripts } from './record-node-scripts.mjs';

const recorded = scripts.map((script) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    cwd: '/tmp',
    input: '',
    env: { PATH: process.env.PATH },
  });
  return { script, stdout, stderr, status };
});
writeFileSync(
  new URL('../src/programs/node/recorded/recorded.json', import.meta.url),
  `${JSON.stringify({ version: process.versions.node, recorded }, undefined, 2)}\n`,
);
