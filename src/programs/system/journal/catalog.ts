import { messageIds } from '../../../linux/systemd/log';
import type { Entry } from '../../../linux/systemd/journal';
import { paint, type Look } from '../systemd';

type Text = readonly [subject: string, body: (fields: (name: string) => string) => readonly string[]];

const job = (unit: string, what: string, result = ''): readonly string[] => [
  `${what} for unit ${unit} ${result}`.trim(),
];
const identifier = (fields: (name: string) => string, done: boolean): readonly string[] => [
  '',
  `The job identifier is ${fields('JOB_ID')}${done ? ` and the job result is ${fields('JOB_RESULT')}` : ''}.`,
];

/** The explanations of `journalctl -x`: subjects and bodies of systemd's catalog. */
const catalog: Readonly<Record<string, Text>> = {
  [messageIds.starting]: [
    'A start job for unit @UNIT@ has begun execution',
    (f) => [...job(f('UNIT'), 'A start job', 'has begun execution.'), ...identifier(f, false)],
  ],
  [messageIds.started]: [
    'A start job for unit @UNIT@ has finished successfully',
    (f) => [...job(f('UNIT'), 'A start job', 'has finished successfully.'), ...identifier(f, false)],
  ],
  [messageIds.failed]: [
    'A start job for unit @UNIT@ has failed',
    (f) => [
      ...job(f('UNIT'), 'A start job', 'has finished with a failure.'),
      '',
      `The job identifier is ${f('JOB_ID')} and the job result is failed.`,
    ],
  ],
  [messageIds.stopping]: [
    'A stop job for unit @UNIT@ has begun execution',
    (f) => [...job(f('UNIT'), 'A stop job', 'has begun execution.'), ...identifier(f, false)],
  ],
  [messageIds.stopped]: [
    'A stop job for unit @UNIT@ has finished',
    (f) => [...job(f('UNIT'), 'A stop job', 'has finished.'), ...identifier(f, true)],
  ],
  [messageIds.reloading]: [
    'A reload job for unit @UNIT@ has begun execution',
    (f) => [...job(f('UNIT'), 'A reload job', 'has begun execution.'), ...identifier(f, false)],
  ],
  [messageIds.reloaded]: [
    'A reload job for unit @UNIT@ has finished',
    (f) => [...job(f('UNIT'), 'A reload job', 'has finished.'), ...identifier(f, true)],
  ],
  [messageIds.processExit]: [
    'Unit process exited',
    (f) => [
      `An ${f('COMMAND')}= process belonging to unit ${f('UNIT')} has exited.`,
      '',
      `The process' exit code is '${f('EXIT_CODE')}' and its exit status is ${f('EXIT_STATUS')}.`,
    ],
  ],
  [messageIds.success]: ['Unit succeeded', (f) => [`The unit ${f('UNIT')} has successfully entered the 'dead' state.`]],
  [messageIds.failureResult]: [
    'Unit failed',
    (f) => [`The unit ${f('UNIT')} has entered the 'failed' state with result '${f('UNIT_RESULT')}'.`],
  ],
  [messageIds.restartScheduled]: [
    'Automatic restarting of a unit has been scheduled',
    (f) => [
      `Automatic restarting of the unit ${f('UNIT')} has been scheduled, as the result for`,
      'the configured Restart= setting for the unit.',
    ],
  ],
};

/** What the catalog says of an entry, with its bar at the left; empty if it says nothing. */
export function explain({ id, about, fields }: Entry, look: Look): string {
  const text = id === undefined ? undefined : catalog[id];
  if (text === undefined) return '';
  const [subject, body] = text;
  const field = (name: string): string =>
    name === 'UNIT' ? (about ?? '') : (fields?.[name] ?? (name === 'JOB_RESULT' ? 'done' : ''));
  const lines = [
    `Subject: ${subject.replace('@UNIT@', about ?? '')}`,
    'Defined-By: systemd',
    'Support: https://www.debian.org/support',
    '',
    ...body(field),
  ];
  const bar = look.unicode ? '░░' : '--';
  return lines
    .map((line) => `${paint(look, 'grey', bar)} ${look.color ? `\x1b[0;32m${line}\x1b[0m` : line}\n`)
    .join('');
}
