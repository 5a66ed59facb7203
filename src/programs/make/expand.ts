import { functions, type MakeFunction } from './functions';
import { fatal, prefix, type Make } from './state';
import { expandVariable, type Scope } from './variables';
import { closing, patsubst } from './words';

/** Text with its variable references and functions replaced. */
export async function expand(make: Make, text: string, scope: Scope): Promise<string> {
  let out = '';
  let at = 0;
  for (;;) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) return out + text.slice(at);
    out += text.slice(at, dollar);
    const char = text.charAt(dollar + 1);
    at = dollar + 2;
    if (char === '') return out;
    if (char === '$') out += '$';
    else if (char === '(' || char === '{') {
      const [value, end] = await reference(make, text, dollar + 1, scope);
      out += value;
      at = end;
    } else if (!/\s/.test(char)) out += await valueOf(make, char, scope);
  }
}

/** The value of `$(…)` whose bracket opens at `open`, and where the text goes on. */
async function reference(make: Make, text: string, open: number, scope: Scope): Promise<readonly [string, number]> {
  const [, name] = /^([a-z-]+)(?=[ \t\n])/.exec(text.slice(open + 1, open + 20)) ?? [];
  const called = name === undefined ? undefined : functions.get(name);
  let end = closing(text, open);
  if (called !== undefined && name !== undefined) {
    if (end < 0)
      fatal(
        make,
        make.variablePlace ?? make.place,
        `unterminated call to function '${name}': missing '${text[open] === '(' ? ')' : '}'}'`,
      );
    const rest = text.slice(open + 1 + name.length, end).replace(/^[ \t\n]+/, '');
    return [await call(make, name, called, splitArguments(rest, text.charAt(open), called.max), scope), end + 1];
  }
  const first = text.indexOf(text[open] === '(' ? ')' : '}', open);
  if (first < 0) fatal(make, make.variablePlace ?? make.place, 'unterminated variable reference');
  const dollar = text.indexOf('$', open);
  if (dollar < 0 || dollar > first) end = first;
  else if (end < 0) end = first;
  const inner = await expand(make, text.slice(open + 1, end), scope);
  const colon = inner.indexOf(':');
  const equals = colon < 0 ? -1 : inner.indexOf('=', colon);
  if (equals < 0) return [await valueOf(make, inner, scope), end + 1];
  const value = await valueOf(make, inner.slice(0, colon), scope);
  const [from, to] = [inner.slice(colon + 1, equals), inner.slice(equals + 1)];
  const patterns: [string, string] = from.includes('%') ? [from, to] : [`%${from}`, `%${to}`];
  return [patsubst(...patterns, value), end + 1];
}

/** The value of a variable as a reference sees it. */
export async function valueOf(make: Make, name: string, scope: Scope): Promise<string> {
  const variable = scope.get(name);
  if (variable !== undefined) return variable.recursive ? expandVariable(make, variable, scope) : variable.value;
  if (make.flags.warnUndefined && name !== '')
    await make.process.stderr.write(
      `${prefix(make, make.variablePlace ?? make.place)}warning: undefined variable '${name}'\n`,
    );
  return '';
}

/** Arguments between commas outside of brackets of the call's kind; the last takes what is left. */
function splitArguments(text: string, open: string, max: number): string[] {
  const close = open === '(' ? ')' : '}';
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close) depth--;
    else if (text[at] === ',' && depth === 0 && found.length + 1 < max) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, text.slice(from)];
}

async function call(
  make: Make,
  name: string,
  { min, raw = false, run }: MakeFunction,
  given: readonly string[],
  scope: Scope,
): Promise<string> {
  const values: string[] = [];
  for (const one of given) values.push(raw ? one : await expand(make, one, scope));
  if (given.length < min)
    fatal(
      make,
      make.variablePlace ?? make.place,
      `insufficient number of arguments (${given.length}) to function '${name}'`,
    );
  return run({ make, scope, expand: (text, inner = scope) => expand(make, text, inner) }, values);
}
