import { expect, test } from 'vitest';
import { expand } from './expand';
import { readDockerfile } from './file';
import { Linter } from './lint';
import { lintStages } from './validate';
import { BuildFailure } from './source';

const env = new Map([
  ['x', 'v'],
  ['empty', ''],
  ['path', 'a/b/c.tar.gz'],
]);

test.each([
  ['$x ${x} $y', 'v v '],
  ['\'$x\' "$x" \\$x', '$x v $x'],
  ['${y:-d} ${empty:-d} ${empty-d} ${x:-d}', 'd d  v'],
  ['${y:+d} ${empty:+d} ${empty+d} ${x:+d}', '  d d'],
  ['${path#*/} ${path##*/} ${path%.*} ${path%%.*}', 'b/c.tar.gz c.tar.gz a/b/c.tar a/b/c'],
  ['${path/b/X} ${path//./_} ${path/\\//-}', 'a/X/c.tar.gz a/b/c_tar_gz a-b/c.tar.gz'],
  ['a\\ b $', 'a b $'],
  ['"a\\nb" "\\"q\\""', 'a\\nb "q"'],
])('%s', (word, expected) => {
  expect(expand(word, env).text).toBe(expected);
});

test.each([
  ['${', 'failed to process "${": syntax error: missing \'}\''],
  ['${}', 'failed to process "${}": syntax error: bad substitution'],
  ['${x:?}', undefined],
  ['${y:?need y}', 'failed to process "${y:?need y}": y: need y'],
  ['${y?}', 'failed to process "${y?}": y: is not allowed to be unset'],
  ['${x!y}', 'failed to process "${x!y}": unsupported modifier (!) in substitution'],
  ["'a", 'failed to process "\'a": unexpected end of statement while looking for matching single-quote'],
])('%s', (word, expected) => {
  expect(failure(() => expand(word, env))).toBe(expected);
});

function failure(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof BuildFailure) return error.message;
    throw error;
  }
}

const read = (text: string) => readDockerfile(text, new Linter());

test('a Dockerfile in its instructions', () => {
  const { escape, metaArgs, stages } = read(
    [
      '# escape=`',
      'ARG TAG=1',
      '# what we build',
      'FROM --platform=$BUILDPLATFORM busybox:$TAG AS Build',
      'RUN --mount=type=cache,target=/c echo a `',
      '  # a comment',
      '  b',
      'COPY --from=0 ["a b", "/c d/"]',
      'RUN <<-E cat',
      '\tone',
      '\tE',
      'ENV a=b c="d e"',
      'ENV old style value',
      'HEALTHCHECK --interval=5s CMD true',
      'EXPOSE 443/udp 80',
    ].join('\r\n'),
  );
  expect([escape, metaArgs[0]?.pairs, stages[0]?.base, stages[0]?.name, stages[0]?.platform]).toEqual([
    '`',
    [{ key: 'TAG', value: '1' }],
    'busybox:$TAG',
    'build',
    '$BUILDPLATFORM',
  ]);
  const shown = stages[0]?.instructions.map(({ name: _, comments: __, code: ___, ...rest }) => rest);
  expect(shown).toEqual([
    {
      kind: 'run',
      ranges: [{ start: 5, end: 7 }],
      command: { words: ['echo a   b'], shell: true, files: [] },
      flags: ['--mount=type=cache,target=/c'],
      mounts: ['type=cache,target=/c'],
      network: '',
      security: '',
    },
    {
      kind: 'copy',
      ranges: [{ start: 8, end: 8 }],
      paths: ['a b'],
      contents: [],
      target: '/c d/',
      chown: '',
      chmod: '',
      link: false,
      exclude: [],
      from: '0',
      parents: false,
    },
    {
      kind: 'run',
      ranges: [{ start: 9, end: 11 }],
      command: { words: ['<<-E cat'], shell: true, files: [{ name: 'E', data: '\tone\r\n', chomp: true }] },
      flags: [],
      mounts: [],
      network: '',
      security: '',
    },
    {
      kind: 'env',
      ranges: [{ start: 12, end: 12 }],
      pairs: [
        { key: 'a', value: 'b', legacy: false },
        { key: 'c', value: '"d e"', legacy: false },
      ],
    },
    { kind: 'env', ranges: [{ start: 13, end: 13 }], pairs: [{ key: 'old', value: 'style value', legacy: true }] },
    { kind: 'healthcheck', ranges: [{ start: 14, end: 14 }], health: { Test: ['CMD-SHELL', 'true'], Interval: 5e9 } },
    { kind: 'expose', ranges: [{ start: 15, end: 15 }], ports: ['443/udp', '80'] },
  ]);
});

test.each([
  ['', 'the Dockerfile cannot be empty'],
  ['# only this\n', 'file with no instructions'],
  ['RUN x\n', 'no build stage in current context'],
  ['FROM a\nRUNN x\n', 'dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)'],
  ['FROM a\nENV\n', 'dockerfile parse error on line 2: ENV requires at least one argument'],
  ['FROM a\nENV x\n', 'ENV must have two arguments'],
  ['FROM a b\n', 'dockerfile parse error on line 1: FROM requires either one or three arguments'],
  [
    'FROM a AS 1b\n',
    `dockerfile parse error on line 1: invalid name for build stage: "1b", name can't start with a number or contain symbols`,
  ],
  [
    'FROM a\nCOPY x\n',
    'dockerfile parse error on line 2: COPY requires at least two arguments, but only one was provided. Destination could not be determined',
  ],
  ['FROM a\nCOPY --chwon=1 a b\n', 'dockerfile parse error on line 2: unknown flag: --chwon (did you mean chown?)'],
  ['FROM a\nRUN --network=x y\n', 'dockerfile parse error on line 2: invalid network mode: "x"'],
  ['FROM a\nCMD ["a", 1]\n', 'when using JSON array syntax, arrays must be comprised of strings only'],
  ['FROM a\nRUN <<E\nx\n', 'unterminated heredoc'],
  ['FROM a\nONBUILD FROM b\n', `dockerfile parse error on line 2: FROM isn't allowed as an ONBUILD trigger`],
  ['FROM a\nHEALTHCHECK X\n', 'dockerfile parse error on line 2: Unknown type "X" in HEALTHCHECK (try CMD)'],
  ['# escape=x\nFROM a\n', "invalid escape token 'x' does not match ` or \\"],
])('%j is refused', (text, message) => {
  expect(failure(() => read(text))).toBe(message);
});

test('rules on the text', () => {
  const text =
    '# check=experimental=all\nfrom busybox As Base\nMAINTAINER me\nRun a \\\n\n  b\n# x y\nARG z\nFROM a AS base\n';
  const linter = Linter.for(text, undefined);
  lintStages(readDockerfile(text, linter).stages, linter);
  expect(linter.warnings.map(({ rule, detail, ranges }) => `${ranges[0]?.start} ${rule}: ${detail}`)).toEqual([
    '6 NoEmptyContinuation: Empty continuation line',
    "2 StageNameCasing: Stage name 'Base' should be lowercase",
    "2 FromAsCasing: 'As' and 'from' keywords' casing do not match",
    '3 MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label',
    '8 InvalidDefinitionDescription: Comment for ARG should follow the format: `# z <description>`',
    '9 DuplicateStageName: Duplicate stage name "base", stage names should be unique',
    "2 ConsistentInstructionCasing: Command 'from' should match the case of the command majority (uppercase)",
    "4 ConsistentInstructionCasing: Command 'Run' should match the case of the command majority (uppercase)",
  ]);
});
