import { valueOf } from './expand';
import { evaluate } from './parse';
import { prefix, type Make } from './state';
import { Scope } from './variables';
import { words } from './words';

/** What a function works with. */
export interface Call {
  readonly make: Make;
  readonly scope: Scope;
  expand(text: string, scope?: Scope): Promise<string>;
}

/** `$(foreach name,list,text)` */
export async function foreach(
  { expand, scope }: Call,
  [name = '', list = '', text = '']: readonly string[],
): Promise<string> {
  const variable = (await expand(name)).trim();
  const inner = new Scope(scope);
  const results: string[] = [];
  for (const one of words(await expand(list))) {
    inner.set(variable, one, 'automatic');
    results.push(await expand(text, inner));
  }
  return results.join(' ');
}

/** `$(if test,yes,no)` */
export async function condition({ expand }: Call, [test = '', yes = '', no = '']: readonly string[]): Promise<string> {
  return expand((await expand(test.trim())) === '' ? no : yes);
}

/** `$(or a,b)` */
export async function or({ expand }: Call, args: readonly string[]): Promise<string> {
  for (const one of args) {
    const value = await expand(one.trim());
    if (value !== '') return value;
  }
  return '';
}

/** `$(and a,b)` */
export async function and({ expand }: Call, args: readonly string[]): Promise<string> {
  let value = '';
  for (const one of args) if ((value = await expand(one.trim())) === '') return '';
  return value;
}

/** `$(call name,arguments)` of a variable; `functions.ts` tries its own names first. */
export async function applied({ make, scope }: Call, [given = '', ...args]: readonly string[]): Promise<string> {
  const name = given.trim();
  const variable = scope.get(name);
  if (variable === undefined) return '';
  const inner = new Scope(scope);
  inner.set('0', name, 'automatic');
  args.forEach((value, at) => inner.set(String(at + 1), value, 'automatic'));
  // Arguments of a call around it are not seen (max_args of func_call).
  for (let at = args.length + 1; scope.get(String(at)) !== undefined; at++) inner.set(String(at), '', 'automatic');
  // A function may call itself.
  const before = variable.expanding === true;
  variable.expanding = false;
  const value = await valueOf(make, name, inner);
  variable.expanding = before;
  return value;
}

/** `$(eval text)` */
export async function evaluated({ make }: Call, [text = '']: readonly string[]): Promise<string> {
  await evaluate(make, text, make.place);
  return '';
}

/** `$(flavor name)` */
export function flavor({ scope }: Call, [name = '']: readonly string[]): string {
  const variable = scope.get(name);
  return variable === undefined ? 'undefined' : variable.recursive ? 'recursive' : 'simple';
}

/** `$(info text)` */
export async function info({ make }: Call, [text = '']: readonly string[]): Promise<string> {
  await make.process.stdout.write(`${text}\n`);
  return '';
}

/** `$(warning text)` */
export async function warning({ make }: Call, [text = '']: readonly string[]): Promise<string> {
  await make.process.stderr.write(`${prefix(make, make.place)}${text}\n`);
  return '';
}
