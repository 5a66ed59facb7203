import type { Shell } from '../shell';
import { parseInputrc } from './inputrc';
import { defaultMap, mapNames, type MapName } from './keymap/defaults';
import type { Binding, Keymap } from './keymap/keymap';
import { EditorVariables } from './variables';

/** What keys do in one shell: its maps and variables. `bind` and ~/.inputrc change it, the line editor reads it. */
export class Readline {
  readonly variables = new EditorVariables();
  readonly #maps: Readonly<Record<MapName, Keymap>> = {
    emacs: defaultMap('emacs'),
    'vi-insert': defaultMap('vi-insert'),
    'vi-command': defaultMap('vi-command'),
  };
  #initialized = false;

  constructor(readonly shell: Shell) {}

  map(name: MapName): Keymap {
    return this.#maps[name];
  }

  /** The map that `set keymap` chose, else the one of the mode of editing. */
  get chosen(): { readonly map: Keymap; readonly prefix: string } {
    const named = this.variables.text('keymap');
    return this.find(this.shell.options.has('vi') && named === 'emacs' ? 'vi-insert' : named) ?? this.#emacs;
  }

  get #emacs(): { readonly map: Keymap; readonly prefix: string } {
    return { map: this.map('emacs'), prefix: '' };
  }

  find(name: string): { readonly map: Keymap; readonly prefix: string } | undefined {
    const known = Object.hasOwn(mapNames, name) ? mapNames[name] : undefined;
    return known === undefined ? undefined : { map: this.map(known.map), prefix: known.prefix };
  }

  bind(keys: string, binding: Binding): void {
    const { map, prefix } = this.chosen;
    map.set(prefix + keys, binding);
  }

  unbind(keys: string): void {
    const { map, prefix } = this.chosen;
    map.delete(prefix + keys);
  }

  /** Sets a variable; false if there is none of that name. `editing-mode` is the shell's `set -o`. */
  set(name: string, value: string): boolean {
    if (!this.variables.set(name, value)) return false;
    if (name === 'editing-mode') {
      const vi = value.toLowerCase() === 'vi';
      this.shell.options.change('vi', vi);
      this.shell.options.change('emacs', !vi);
      this.variables.set('keymap', vi ? 'vi-insert' : 'emacs');
    }
    return true;
  }

  /** Reads ~/.inputrc, or else /etc/inputrc, once (rl_initialize). */
  initialize(): void {
    if (this.#initialized) return;
    this.#initialized = true;
    this.reread();
  }

  /** Reads the user's file again; gives faults to tell. */
  reread(): readonly string[] {
    const { shell } = this;
    const named = shell.get('INPUTRC') ?? '';
    const home = named === '' ? `${shell.get('HOME') ?? ''}/.inputrc` : named;
    for (const path of [home, '/etc/inputrc']) {
      const faults = this.readFile(path);
      if (faults !== undefined) return faults;
    }
    return [];
  }

  /** Applies the lines of a file; undefined if it cannot be read. */
  readFile(path: string): readonly string[] | undefined {
    const text = this.shell.process.fs.readText(path);
    return text.ok ? parseInputrc(this, text.value, path) : undefined;
  }
}

const known = new WeakMap<Shell, Readline>();

/** The editor's settings of a shell. */
export function readlineOf(shell: Shell): Readline {
  const found = known.get(shell);
  if (found !== undefined) return found;
  // A subshell sees what its parent bound.
  if (shell.parent !== undefined) return readlineOf(shell.parent);
  const made = new Readline(shell);
  known.set(shell, made);
  return made;
}
