import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { isGroup, nameOf, type Command, type Group } from './cli/command';
import { commandHelp, flagTable, groupHelp } from './cli/help';
import { root } from './commands';

const shared = process.env['BOTTLESHIP_SHARED'] ?? resolve(import.meta.dirname, '../../../../shared');
const folder = join(shared, 'ground-truth/help/docker-28.5');
const seen = { swarm: 'inactive', width: 80 };

/** Commands that the texts name and that are not here yet. A name goes when its command comes. */
const awaited = /^docker (container |image )?(build|bake|builder|buildx|compose|login|manifest|push|trust)\b/;

function find(words: readonly string[]): Command | Group | undefined {
  let at: Command | Group = root;
  for (const word of words) {
    const next: Command | Group | undefined = isGroup(at)
      ? at.commands.find((entry) => nameOf(entry) === word)
      : undefined;
    if (next === undefined) return undefined;
    at = next;
  }
  return at;
}

/** A file's name has hyphens between words, and some words have hyphens themselves. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace('dial-stdio', 'dial_stdio')
    .split('-')
    .slice(1)
    .map((word) => word.replace('_', '-'));
}

test.skipIf(!existsSync(folder))("every command's --help is upstream's (needs ground-truth/help)", () => {
  const different: string[] = [];
  for (const file of readdirSync(folder)) {
    const path = ['docker', ...wordsOf(file.replace('.txt', ''))];
    const text = readFileSync(join(folder, file), 'utf8');
    const found = path.length === 1 ? undefined : find(path.slice(1));
    if (path.length === 1 || awaited.test(path.join(' '))) continue;
    if (found === undefined) different.push(`${path.join(' ')}: missing`);
    else {
      const ours = isGroup(found) ? groupHelp(found, path.join(' '), seen) : commandHelp(found, path.join(' '), seen);
      if (ours !== text) different.push(`${path.join(' ')}:\n${ours}`);
    }
  }
  expect(different).toEqual([]);
});

test('a flag table is as wide as the terminal, less one', () => {
  const flag = { name: 'tls', short: undefined, type: 'bool', text: 'Use TLS, which is implied by another flag' };
  expect(flagTable([flag], 80)).toBe('      --tls   Use TLS, which is implied by another flag\n');
  expect(flagTable([flag], 44)).toBe('      --tls   Use TLS, which is\n              implied by another flag\n');
});
