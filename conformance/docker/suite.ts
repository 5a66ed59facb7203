import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../src/cluster/lab';
import { textDifference } from '../difference';
import { readLines } from '../lines';
import type { Comparison, Suite } from '../runner';
import { out } from './harness';
import { normalise, normaliseAsGiven } from './normalise';
import { arrange } from './order';
import { session } from './session';

const folder = 'docker';

interface Recorded {
  readonly id: string;
  readonly cmd: string;
  readonly code?: number;
  readonly stdout?: string | null;
  readonly stderr?: string | null;
  readonly tty?: string;
}

async function* replay(recordings: string, file: string): AsyncIterable<Comparison> {
  const lines = readLines<Recorded>(join(recordings, `${file}.jsonl`));
  for await (const { lab, from, to } of session(recordings)) {
    for (const line of lines) {
      const number = Number.parseInt(line.id, 10);
      if (number > from && number <= to && line.code !== undefined) yield compare(lab, line);
    }
  }
}

function compare(lab: Lab, { id, cmd, code, stdout, stderr, tty }: Recorded): Comparison {
  const read = (name: string): string => {
    const text = lab.first.fs.readText(`${out}/${id}/${name}`);
    return text.ok ? text.value : '';
  };
  const texts = [
    ['stdout', stdout ?? tty ?? '', read('stdout')],
    ['stderr', stderr ?? '', read('stderr')],
    ['code', String(code), read('code')],
  ] as const;
  const plain = texts.map(
    ([title, wanted, got]) => [title, normalise(arrange(cmd, wanted)), normalise(arrange(cmd, got))] as const,
  );
  return {
    id,
    same: plain.every(([, wanted, got]) => wanted === got),
    sameByGivenRules: texts.every(([, wanted, got]) => normaliseAsGiven(wanted) === normaliseAsGiven(got)),
    difference: `$ ${cmd}${plain.map(([title, wanted, got]) => textDifference(title, wanted, got)).join('')}`,
  };
}

/** What docker prints, beside what the real one printed. */
export const suite: Suite = {
  name: 'docker',
  folder,
  files: (recordings) => (existsSync(join(recordings, 'recordings.jsonl')) ? ['recordings'] : []),
  replay,
};
