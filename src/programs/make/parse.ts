import { Conditionals } from './conditionals';
import { expand } from './expand';
import { globbed } from './files';
import { collapse, logicalLines, parseAssignment, withoutComment, type Logical } from './lines';
import { fileRule, readRule, type OpenRule } from './rule-line';
import { fatal, type Make, type Place } from './state';
import { assign, type Origin } from './variables';
import { words } from './words';

/** Reads a makefile; false where there is none. */
export async function readMakefile(make: Make, name: string): Promise<boolean> {
  const text = make.process.fs.readText(name);
  if (!text.ok) return false;
  const list = make.globals.get('MAKEFILE_LIST')?.value ?? '';
  make.globals.set('MAKEFILE_LIST', `${list} ${name}`, 'file');
  await new Reader(make, name, logicalLines(text.value)).read();
  return true;
}

/** Reads text as a piece of makefile (`$(eval)`, `--eval`). */
export async function evaluate(make: Make, text: string, place: Place | undefined): Promise<void> {
  const outer = make.place;
  await new Reader(make, place?.file, logicalLines(text, place?.line ?? 1)).read();
  make.place = outer;
}

class Reader {
  readonly #conditionals: Conditionals;
  #rule: OpenRule | undefined;
  #at = 0;

  constructor(
    private readonly make: Make,
    private readonly file: string | undefined,
    private readonly lines: readonly Logical[],
  ) {
    this.#conditionals = new Conditionals(make);
  }

  async read(): Promise<void> {
    const { make } = this;
    const outer = make.place;
    while (this.#at < this.lines.length) {
      const logical = this.lines[this.#at++];
      if (logical === undefined) break;
      const place = { file: this.file ?? '', line: logical.line };
      make.place = place;
      await this.#one(logical, place);
    }
    const end = this.lines.at(-1);
    const place = { file: this.file ?? '', line: (end?.line ?? 0) + (end?.raw.split('\n').length ?? 0) };
    if (this.#conditionals.depth > 0) fatal(make, place, "missing 'endif'");
    await this.#close();
    make.place = outer;
  }

  async #close(): Promise<void> {
    if (this.#rule !== undefined) await fileRule(this.make, this.#rule);
    this.#rule = undefined;
  }

  async #one({ raw, line }: Logical, place: Place): Promise<void> {
    const { make } = this;
    const recipe = make.globals.get('.RECIPEPREFIX')?.value.charAt(0) ?? '';
    const tab = recipe === '' ? '\t' : recipe;
    if (raw.startsWith(tab) && this.#rule !== undefined) {
      if (this.#conditionals.ignoring) return;
      this.#rule.recipeLine ??= line;
      this.#rule.recipe.push(raw.slice(1).replaceAll(`\n${tab}`, '\n'));
      return;
    }
    const text = withoutComment(collapse(raw));
    if (text.trim() === '') return;
    if (await this.#conditionals.take(text, place)) return;
    if (this.#conditionals.ignoring) {
      if (/^\s*(?:override\s+|export\s+)*define(?=\s)/.test(text)) this.#body(place);
      return;
    }
    if (await this.#directive(text, place)) return;
    if (await this.#assignment(text, place)) return;
    await this.#close();
    this.#rule = await readRule(make, text, place, raw.startsWith(tab));
  }

  async #directive(text: string, place: Place): Promise<boolean> {
    const { make } = this;
    const [, word = '', rest = ''] =
      /^\s*(-include|sinclude|include|export|unexport|vpath|undefine)(?=\s|$)([^]*)$/.exec(text) ?? [];
    if (word === '' || /^\s*(?:[:+?!]|::)?=/.test(rest) || /^\s*:/.test(rest)) return false;
    if (word === 'vpath') fatal(make, place, "'vpath' is not supported here");
    if (word === 'export' && parseAssignment(rest) !== undefined) return false;
    if (word === 'export' && /^\s*(?:define|override)\s/.test(rest)) return false;
    await this.#close();
    const given = words(await expand(make, rest, make.globals));
    if (word === 'undefine') for (const name of given) make.globals.own.delete(name);
    else if (word.endsWith('export')) {
      if (given.length === 0) make.exportAll = word === 'export';
      for (const name of given) {
        if (make.globals.get(name) === undefined) make.globals.set(name, '', 'file', true, place);
        const variable = make.globals.get(name);
        if (variable !== undefined) variable.exported = word === 'export';
      }
    } else for (const name of globbed(make, given)) await this.#include(name, word !== 'include', place);
    return true;
  }

  async #include(name: string, optional: boolean, place: Place): Promise<void> {
    const { make } = this;
    const dirs = name.startsWith('/') ? [''] : ['', ...make.flags.includeDirs.map((dir) => `${dir}/`), '/usr/include/'];
    for (const dir of dirs) {
      if (!make.process.fs.stat(dir + name).ok) continue;
      make.makefiles.push({ name: dir + name, missing: undefined, optional });
      await readMakefile(make, dir + name);
      return;
    }
    make.makefiles.push({ name, missing: place, optional });
  }

  async #assignment(text: string, place: Place): Promise<boolean> {
    const { make } = this;
    let [rest, origin, exported]: [string, Origin, boolean | undefined] = [text.trimStart(), 'file', undefined];
    for (;;) {
      const [whole = '', word] = /^(override|export|private)[ \t]+(?![:+?!]*=)/.exec(rest) ?? [];
      if (word === undefined) break;
      if (word === 'override') origin = 'override';
      if (word === 'export') exported = true;
      rest = rest.slice(whole.length);
    }
    const [, defined] = /^define(?=[ \t])(?!\s*(?:[:+?!]|::)?=)[ \t]+([^]*)$/.exec(rest) ?? [];
    const [, undefined_] = /^undefine[ \t]+([^]*)$/.exec(rest) ?? [];
    if (undefined_ !== undefined && origin === 'override') {
      make.globals.own.delete((await expand(make, undefined_, make.globals)).trim());
      return true;
    }
    const [, name = '', op = ''] = /^([^]*?)\s*((?:::|[:+?!])?=)?\s*$/.exec(defined ?? '') ?? [];
    const found =
      defined === undefined ? parseAssignment(rest) : { name, op: op === '' ? '=' : op, value: this.#body(place) };
    if (found === undefined) return false;
    await this.#close();
    const expanded = (await expand(make, found.name, make.globals)).trim();
    const variable = await assign(make, make.globals, { ...found, name: expanded, origin, place });
    if (variable !== undefined && exported !== undefined) variable.exported = exported;
    if (expanded === '.DEFAULT_GOAL') make.defaultGoal = variable?.value.trim() ?? '';
    return true;
  }

  /** The lines up to `endef`. */
  #body(place: Place): string {
    const found: string[] = [];
    let depth = 1;
    while (this.#at < this.lines.length) {
      const raw = this.lines[this.#at++]?.raw ?? '';
      const text = withoutComment(collapse(raw));
      if (/^ *define(?=[ \t])/.test(text)) depth++;
      else if (/^ *endef(?=[ \t]|$)/.test(text) && --depth === 0) return found.join('\n');
      found.push(raw);
    }
    return fatal(this.make, place, "missing 'endef', unterminated 'define'");
  }
}
