import { functionNames } from './keymap/function-names';
import { namedKey, typedKeys } from './keymap/notation';
import type { Readline } from './readline';

/** Applies the lines of an init file (readline(3), "Initialization File"); gives messages on those that are wrong. */
export function parseInputrc(readline: Readline, text: string, path: string): readonly string[] {
  const faults: string[] = [];
  // For every open $if: whether its lines count, and whether those around it do.
  const conditions: { active: boolean; readonly around: boolean }[] = [];
  const active = (): boolean => conditions.at(-1)?.active ?? true;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, directive, argument = ''] = /^\$(\w+)\s*(.*)$/.exec(line) ?? [];
    const top = conditions.at(-1);
    if (directive === 'if') conditions.push({ active: active() && holds(readline, argument), around: active() });
    else if (directive === 'else' && top !== undefined) top.active = top.around && !top.active;
    else if (directive === 'endif') conditions.pop();
    else if (directive === 'include' && active()) faults.push(...(readline.readFile(argument) ?? []));
    else if (directive === undefined && active()) {
      const fault = applyLine(readline, line);
      if (fault !== undefined) faults.push(`readline: ${path}: line ${index + 1}: ${fault}`);
    }
  }
  return faults;
}

function holds(readline: Readline, test: string): boolean {
  const [, name = '', operator = '', value = ''] = /^([\w-]+)\s*(==?|!=|[<>]=?)?\s*(.*)$/.exec(test) ?? [];
  const { shell, variables } = readline;
  if (name === 'mode') return (shell.options.has('vi') ? 'vi' : 'emacs') === value;
  if (name === 'term') {
    const term = shell.get('TERM') ?? 'dumb';
    return term === value || term.split('-')[0] === value;
  }
  if (name === 'version') return compareVersions('8.2', operator, value);
  if (operator === '') return name.toLowerCase() === 'bash';
  const set = variables.entries().find(([each]) => each === name)?.[1];
  return set !== undefined && (operator === '!=') !== (set === value);
}

function compareVersions(ours: string, operator: string, theirs: string): boolean {
  const [a, b] = [ours, theirs].map((version) => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return major * 100 + minor;
  });
  const difference = (a ?? 0) - (b ?? 0);
  if (operator === '<') return difference < 0;
  if (operator === '>') return difference > 0;
  if (operator === '!=') return difference !== 0;
  return difference === 0 || (operator === '<=' && difference < 0) || (operator === '>=' && difference > 0);
}

/** Carries out one line as `bind` takes it too: `set name value` or `keys: what`. Gives what is wrong with it. */
export function applyLine(readline: Readline, line: string): string | undefined {
  const [, variable, value = ''] = /^set\s+(\S+)\s*(.*)$/i.exec(line) ?? [];
  if (variable !== undefined)
    return readline.set(variable, value.trim()) ? undefined : `${variable}: unknown variable name`;
  const quoted = line.startsWith('"') ? /^"((?:\\[^]|[^"\\])*)"\s*:?/.exec(line) : undefined;
  if (quoted === null) return `${line}: no closing \`"' in key binding`;
  const keysEnd = quoted === undefined ? /[\s:]/.exec(line)?.index : undefined;
  if (quoted === undefined && keysEnd === undefined) return `${line}: no key sequence terminator`;
  const keys = quoted === undefined ? namedKey(line.slice(0, keysEnd)) : typedKeys(quoted[1] ?? '');
  const what = line.slice(quoted?.[0].length ?? keysEnd).replace(/^\s*:?\s*/, '');
  const macro = /^(["'])((?:\\[^]|(?!\1)[^\\])*)\1/.exec(what)?.[2];
  if (macro !== undefined) readline.bind(keys, { kind: 'macro', text: typedKeys(macro) });
  else {
    const name = what.split(/\s/)[0]?.toLowerCase() ?? '';
    const known = functionNames.find((each) => each.toLowerCase() === name);
    // An unknown function takes the key's binding away, in silence (rl_named_function gives null).
    if (known === undefined) readline.unbind(keys);
    else readline.bind(keys, { kind: 'function', name: known });
  }
  return undefined;
}

/** Splits the argument of `bind -x`: the keys and the command. */
export function shellBinding(text: string): { readonly keys: string; readonly command: string } | undefined {
  const [, written, rest = ''] = /^\s*"((?:\\[^]|[^"\\])*)"\s*:?\s*([^]*)$/.exec(text) ?? [];
  if (written === undefined) return undefined;
  const quoted = /^(["'])([^]*)\1\s*$/.exec(rest);
  return { keys: typedKeys(written), command: quoted?.[2] ?? rest };
}
