import type { LineEditor } from '../line-editor';
import { functionNames } from '../keymap/function-names';
import { writtenKeys } from '../keymap/notation';
import type { Readline } from '../readline';
import type { Commands } from './types';

/** Functions that have two names, or one that bash does not tell. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  'insert-last-argument': ['insert-last-argument', 'yank-last-arg'],
  'vi-complete': [],
};

/** What `bind -p` (readable for an inputrc) and `bind -P` print. */
export function functionsText(readline: Readline, readable: boolean): string {
  const { map, prefix } = readline.chosen;
  const keys = new Map<string, string[]>();
  for (const [typed, binding] of map.entries()) {
    if (binding.kind !== 'function' || !typed.startsWith(prefix) || typed === prefix) continue;
    // A key that others begin with is listed with a NUL behind it (readline's ANYOTHERKEY).
    const written = writtenKeys(typed.slice(prefix.length)) + (map.isPrefix(typed) ? '\\000' : '');
    for (const name of synonyms[binding.name] ?? [binding.name]) keys.set(name, [...(keys.get(name) ?? []), written]);
  }
  if (prefix === '' && map.name !== 'vi-command') keys.set('self-insert', [...selfInserting(map.get.bind(map))]);
  const lines = functionNames.map((name) => {
    const found = keys.get(name) ?? [];
    if (readable)
      return found.length === 0 ? `# ${name} (not bound)\n` : found.map((each) => `"${each}": ${name}\n`).join('');
    if (found.length === 0) return `${name} is not bound to any keys\n`;
    const first = found.slice(0, 5).map((each) => `"${each}"`);
    return `${name} can be found on ${first.join(', ')}${found.length > 5 ? ', ...' : '.'}\n`;
  });
  return `\n${lines.join('')}`;
}

function* selfInserting(bound: (key: string) => unknown): Iterable<string> {
  for (let code = 32; code < 256; code++) {
    const key = String.fromCharCode(code);
    if (code !== 127 && bound(key) === undefined) yield writtenKeys(key);
  }
}

/** `bind -v` and `bind -V`. */
export const variablesText = ({ variables }: Readline, readable: boolean): string =>
  variables
    .entries()
    .map(([name, value]) => (readable ? `set ${name} ${value}\n` : `${name} is set to \`${value}'\n`))
    .join('');

/** `bind -s` and `bind -S`: keys that type something. */
export function macrosText(readline: Readline, readable: boolean): string {
  const { map, prefix } = readline.chosen;
  const lines = map.entries().map(([typed, binding]) => {
    if (binding.kind !== 'macro' || !typed.startsWith(prefix)) return '';
    const [keys, text] = [writtenKeys(typed.slice(prefix.length)), writtenKeys(binding.text)];
    return readable ? `"${keys}": "${text}"\n` : `${keys} outputs ${text}\n`;
  });
  return lines.join('');
}

/** `bind -X`. */
export function shellBindingsText(readline: Readline): string {
  const { map, prefix } = readline.chosen;
  const lines = map.entries().map(([typed, binding]) => {
    if (binding.kind !== 'shell' || !typed.startsWith(prefix)) return '';
    return `"${writtenKeys(typed.slice(prefix.length))}": "${binding.command.replaceAll('"', '\\"')}"\n`;
  });
  return lines.join('');
}

const version = 'GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)';

export const listing: Commands = {
  'dump-functions': (editor: LineEditor, { explicit }) => editor.printBelow(functionsText(editor.readline, explicit)),
  'dump-variables': (editor, { explicit }) => editor.printBelow(variablesText(editor.readline, explicit)),
  'dump-macros': (editor, { explicit }) => editor.printBelow(macrosText(editor.readline, explicit)),
  'display-shell-version': (editor) => editor.printBelow(`${version}\n`),
};
