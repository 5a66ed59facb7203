import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { textDifference } from '../difference';
import type { Comparison, Suite } from '../runner';
import { meets, runCase, type Answer } from './case-machine';
import { beyondBash } from './beyond-bash';
import { parseSpecFile, type SpecCase, type SpecFile } from './spec-file';
import { companions, place, readBytes, specFolder } from './spec-folder';

const ENDING = '.test.sh';

const read = (folder: string, file: string): SpecFile => parseSpecFile(readBytes(join(folder, `${file}${ENDING}`)));

/** Whether Oils holds a file's cases against bash. */
const isForBash = ({ head }: SpecFile): boolean =>
  /\bbash\b/.test(head.get('compare_shells') ?? '') && head.get('suite') !== 'disabled';

async function* replay(given: string, file: string): AsyncIterable<Comparison> {
  const folder = specFolder(given);
  const beside = companions(folder);
  const { head, cases } = read(folder, file);
  const failing = new Set(beyondBash[file]);
  for (const [index, one] of cases.entries()) {
    yield compare(
      `${file}/${index}`,
      one,
      await runCase(one.code, beside, head.has('legacy_tmp_dir')),
      failing.has(index),
    );
  }
}

const readable = (text = ''): string => Buffer.from(text, 'latin1').toString();

function compare(id: string, { title, code, expected }: SpecCase, answer: Answer, setAside: boolean): Comparison {
  const texts = [
    ['stdout', expected.stdout, answer.stdout],
    ['stderr', expected.stderr, answer.stderr],
    ['status', String(expected.status), String(answer.status ?? 'none: it did not end')],
  ] as const;
  const differences = texts.map(([name, wanted, got]) =>
    wanted === undefined ? '' : textDifference(name, readable(wanted), readable(got), 40),
  );
  return {
    id,
    same: meets(expected, answer),
    setAside,
    difference: `#### ${title}\n${readable(code)}${differences.join('')}  stderr was:\n${readable(answer.stderr)}`,
  };
}

/** What our shell answers to the Oils project's cases, beside what they expect of bash. */
export const suite: Suite = {
  name: 'oils',
  folder: '',
  place,
  files: (given) => {
    const folder = specFolder(given);
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length))
      .filter((file) => !file.startsWith('ysh-') && isForBash(read(folder, file)))
      .sort();
  },
  replay,
};
