import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded } from '../../src/programs/shell/testing/recorded/types';
import type { RealShells } from './real';

const folder = join(import.meta.dirname, '../../src/programs/shell/testing/recorded');

/** The scripts of a file, which lines of `%%` divide. */
export const scriptsOf = (path: string): readonly string[] =>
  readFileSync(path, 'utf8')
    .split(/^%%\n/m)
    .map((script) => script.replace(/\n$/, ''))
    .filter((script) => script !== '');

/** Writes what the real shell answers to scripts as `recorded/NAME.ts`; `loose`: without messages, one a line. */
export async function record(
  shells: RealShells,
  shell: string,
  scripts: readonly string[],
  name: string,
  loose: boolean,
): Promise<void> {
  const rows: Recorded[] = [];
  for (const script of scripts) {
    const real = await shells.run([shell, '-c', script]);
    if (real === undefined) throw new Error(`no answer: ${script}`);
    const { stdout, status } = real;
    const stderr = loose ? '' : real.stderr;
    if (status !== 0) rows.push([script, stdout, stderr, status]);
    else if (stderr !== '') rows.push([script, stdout, stderr]);
    else rows.push([script, stdout]);
  }
  if (loose) {
    const lines = rows.map(([script, stdout, , status = 0]) => `${JSON.stringify([script, stdout, status])}\n`);
    writeFileSync(join(folder, `${name}.jsonl`), lines.join(''));
    return;
  }
  const identifier = name.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase());
  const body = rows.map((row) => `  ${JSON.stringify(row)},\n`).join('');
  writeFileSync(
    join(folder, `${name}.ts`),
    `import type { Recorded } from './types';\n\n/** Ours to write, the real shell's to answer. */\nexport const ${identifier}: readonly Recorded[] = [\n${body}];\n`,
  );
}
