import { forEachChild, parse, type SyntaxNode } from 'unbash';

interface Region {
  readonly name: string;
  start: number;
  end: number;
}

const MAX_REPLACEMENTS = 200;

/**
 * Puts aliases in place of the command words they stand for, textually, as the shell's reader does: an alias may hold
 * half a command. A name is not replaced inside its own replacement; after one that ends in a blank the next word is
 * looked at too.
 */
export function expandAliases(text: string, lookup: (name: string) => string | undefined): string {
  let current = text;
  const regions: Region[] = [];
  const alsoAt = new Set<number>();
  for (let round = 0; round < MAX_REPLACEMENTS; round++) {
    const found = firstAlias(current, lookup, regions, alsoAt);
    if (found === undefined) return current;
    const { pos, end, value, name } = found;
    current = current.slice(0, pos) + value + current.slice(end);
    const grown = value.length - (end - pos);
    for (const region of regions) {
      if (region.start >= end) region.start += grown;
      if (region.end >= end) region.end += grown;
    }
    const shifted = [...alsoAt].map((position) => (position >= end ? position + grown : position));
    alsoAt.clear();
    for (const position of shifted) alsoAt.add(position);
    regions.push({ name, start: pos, end: pos + value.length });
    if (/[ \t]$/.test(value)) {
      const gap = /^(?:[ \t]|\\\n)*/.exec(current.slice(pos + value.length))?.[0].length ?? 0;
      alsoAt.add(pos + value.length + gap);
    }
  }
  return current;
}

interface Found {
  readonly pos: number;
  readonly end: number;
  readonly name: string;
  readonly value: string;
}

function firstAlias(
  text: string,
  lookup: (name: string) => string | undefined,
  regions: readonly Region[],
  alsoAt: ReadonlySet<number>,
): Found | undefined {
  let first: Found | undefined;
  const consider = (word: { readonly pos: number; readonly end: number; readonly text: string }): void => {
    if (first !== undefined && first.pos <= word.pos) return;
    if (/[\\'"$`]/.test(word.text) || text.slice(word.pos, word.end) !== word.text) return;
    const value = lookup(word.text);
    if (value === undefined) return;
    if (regions.some(({ name, start, end }) => name === word.text && start <= word.pos && end >= word.end)) return;
    first = { pos: word.pos, end: word.end, name: word.text, value };
  };
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'CommandExpansion' && node.text.startsWith('`')) return;
    if (node.type === 'Command') {
      if (node.name !== undefined) consider(node.name);
    }
    forEachChild(node, visit);
  };
  visit(parse(text));
  // What follows an alias that ends in a blank is looked at whatever it is to the grammar.
  for (const pos of alsoAt) {
    const word = /^[^\s;&|()<>"'\\$`]+/.exec(text.slice(pos))?.[0];
    if (word !== undefined) consider({ pos, end: pos + word.length, text: word });
  }
  return first;
}
