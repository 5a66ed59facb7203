import { expect, test } from 'vitest';
import { compact, compileJq, readJson, type Json } from '.';

const surroundings = {
  input: () => undefined,
  inputName: () => undefined,
  inputLine: () => 0,
  now: () => 0,
  env: new Map<string, string>(),
  message: () => undefined,
};

test('an alternative that fails after another one failed leads to the next', () => {
  const machine = compileJq('.[] | . as {a:$a} ?// {a:$a} ?// $a | $a').start(
    readJson('[[3],[4],[5],6]') as Json,
    surroundings,
  );
  const results: string[] = [];
  for (let event = machine.run(1000); event !== 'done'; event = machine.run(1000)) {
    if (event !== 'busy' && 'value' in event) results.push(compact(event.value));
  }
  expect(results).toEqual(['[3]', '[4]', '[5]', '6']);
});
