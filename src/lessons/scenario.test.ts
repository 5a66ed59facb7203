import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseScenario } from './scenario';

const good = `
title: One
track: first
minutes: 5
topology: seed
seed: 1
steps:
  - { title: Do it, text: step1.md, solution: 'true', hints: [just do], checks: ['true'] }
`;

test('a scenario is read', () => {
  expect(parseScenario(parse(good))).toEqual({
    scenario: {
      title: 'One',
      track: 'first',
      minutes: 5,
      topology: 'seed',
      seed: 1,
      setup: '',
      steps: [{ title: 'Do it', text: 'step1.md', solution: 'true', hints: ['just do'], checks: ['true'] }],
    },
  });
});

test.each([
  ['just text', /^scenario: Invalid type/],
  [good.replace('minutes: 5', 'minutes: soon'), /^minutes: Invalid type/],
  [good.replace('step1.md', '../../etc/passwd'), /^steps\.0\.text: Invalid format/],
  [good.replace('hints: [just do]', 'hints: []'), /^steps\.0\.hints: Invalid length/],
])('what is malformed is refused with its place', (text, message) => {
  expect(parseScenario(parse(text))).toEqual({ error: expect.stringMatching(message) });
});
