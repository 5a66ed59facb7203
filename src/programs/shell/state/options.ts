import { CowMap } from './cow-map';

/** Options of `set -o`, with their letters. */
export const setOptions = {
  allexport: 'a',
  braceexpand: 'B',
  emacs: '',
  errexit: 'e',
  errtrace: 'E',
  functrace: 'T',
  hashall: 'h',
  histexpand: 'H',
  history: '',
  ignoreeof: '',
  'interactive-comments': '',
  keyword: 'k',
  monitor: 'm',
  noclobber: 'C',
  noexec: 'n',
  noglob: 'f',
  nolog: '',
  notify: 'b',
  nounset: 'u',
  onecmd: 't',
  physical: 'P',
  pipefail: '',
  posix: '',
  privileged: 'p',
  verbose: 'v',
  vi: '',
  xtrace: 'x',
} as const;

export type SetOption = keyof typeof setOptions;

/** The switches that `shopt` knows; those that are on at the start. */
const shoptDefaults: ReadonlyMap<string, boolean> = new Map(
  Object.entries({
    autocd: false,
    assoc_expand_once: false,
    cdable_vars: false,
    cdspell: false,
    checkhash: false,
    checkjobs: false,
    checkwinsize: true,
    cmdhist: true,
    compat31: false,
    compat32: false,
    compat40: false,
    compat41: false,
    compat42: false,
    compat43: false,
    compat44: false,
    complete_fullquote: true,
    direxpand: false,
    dirspell: false,
    dotglob: false,
    execfail: false,
    expand_aliases: false,
    extdebug: false,
    extglob: false,
    extquote: true,
    failglob: false,
    force_fignore: true,
    globasciiranges: true,
    globskipdots: true,
    globstar: false,
    gnu_errfmt: false,
    histappend: false,
    histreedit: false,
    histverify: false,
    hostcomplete: true,
    huponexit: false,
    inherit_errexit: false,
    interactive_comments: true,
    lastpipe: false,
    lithist: false,
    localvar_inherit: false,
    localvar_unset: false,
    login_shell: false,
    mailwarn: false,
    no_empty_cmd_completion: false,
    nocaseglob: false,
    nocasematch: false,
    noexpand_translation: false,
    nullglob: false,
    patsub_replacement: true,
    progcomp: true,
    progcomp_alias: false,
    promptvars: true,
    restricted_shell: false,
    shift_verbose: false,
    sourcepath: true,
    varredir_close: false,
    xpg_echo: false,
  }),
);

/** What is switched on. Copied on a fork, where `shopt` only holds what is not as at the start. */
export class Options {
  readonly #set: Set<SetOption>;
  readonly #shopt: CowMap<string, boolean>;

  constructor(
    set: Iterable<SetOption> = ['braceexpand', 'hashall', 'interactive-comments'],
    shopt = new CowMap<string, boolean>(),
  ) {
    this.#set = new Set(set);
    this.#shopt = shopt;
  }

  fork(): Options {
    return new Options(this.#set, this.#shopt.fork());
  }

  has(option: SetOption): boolean {
    return this.#set.has(option);
  }

  change(option: SetOption, on: boolean): void {
    if (on) this.#set.add(option);
    else this.#set.delete(option);
  }

  /** What is on, in order (SHELLOPTS). */
  names(): string[] {
    return [...this.#set].sort();
  }

  /** What `set` switches as another has it (`local -`). */
  restoreSet(other: Options): void {
    this.#set.clear();
    for (const option of other.#set) this.#set.add(option);
  }

  /** True if that switch of `shopt` is on. */
  on(name: string): boolean {
    return this.#shopt.get(name) ?? shoptDefaults.get(name) === true;
  }

  knows(name: string): boolean {
    return shoptDefaults.has(name);
  }

  shopt(name: string, on: boolean): void {
    if (this.on(name) !== on || !shoptDefaults.has(name)) this.#shopt.set(name, on);
  }

  shopts(): readonly (readonly [string, boolean])[] {
    return [...shoptDefaults.keys()].map((name) => [name, this.on(name)]);
  }

  /** `$-`. */
  letters(more: string): string {
    const order = 'abefhikmnprtuvxBCEHPT';
    const mine = [...more, ...[...this.#set].map((option) => setOptions[option])].filter((letter) => letter !== '');
    return mine.sort((a, b) => order.indexOf(a) - order.indexOf(b)).join('');
  }
}

export const isSetOption = (name: string): name is SetOption => Object.hasOwn(setOptions, name);

/** The option with a letter. */
export const optionOfLetter = (letter: string): SetOption | undefined =>
  (Object.keys(setOptions) as SetOption[]).find((option) => setOptions[option] === letter);
