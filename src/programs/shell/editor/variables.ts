type Value = boolean | string;

/** Readline's variables and their defaults, as `bind -v` lists them: switches first. */
const defaults: readonly (readonly [string, Value])[] = [
  ['bind-tty-special-chars', true],
  ['blink-matching-paren', false],
  ['byte-oriented', false],
  ['colored-completion-prefix', false],
  ['colored-stats', false],
  ['completion-ignore-case', false],
  ['completion-map-case', false],
  ['convert-meta', false],
  ['disable-completion', false],
  ['echo-control-characters', true],
  ['enable-active-region', true],
  ['enable-bracketed-paste', true],
  ['enable-keypad', false],
  ['enable-meta-key', true],
  ['expand-tilde', false],
  ['history-preserve-point', false],
  ['horizontal-scroll-mode', false],
  ['input-meta', true],
  ['mark-directories', true],
  ['mark-modified-lines', false],
  ['mark-symlinked-directories', false],
  ['match-hidden-files', true],
  ['menu-complete-display-prefix', false],
  ['meta-flag', true],
  ['output-meta', true],
  ['page-completions', true],
  ['prefer-visible-bell', true],
  ['print-completions-horizontally', false],
  ['revert-all-at-newline', false],
  ['show-all-if-ambiguous', false],
  ['show-all-if-unmodified', false],
  ['show-mode-in-prompt', false],
  ['skip-completed-text', false],
  ['visible-stats', false],
  ['bell-style', 'audible'],
  ['comment-begin', '#'],
  ['completion-display-width', '-1'],
  ['completion-prefix-display-length', '0'],
  ['completion-query-items', '100'],
  ['editing-mode', 'emacs'],
  ['emacs-mode-string', '@'],
  ['history-size', '0'],
  ['keymap', 'emacs'],
  ['keyseq-timeout', '500'],
  ['vi-cmd-mode-string', '(cmd)'],
  ['vi-ins-mode-string', '(ins)'],
];

/** What this editor has beyond readline; set as readline's, but not among those that `bind -v` lists. */
const own: readonly (readonly [string, Value])[] = [
  ['suggestions', true],
  ['completion-menu', true],
];

const switchedOn = (value: string): boolean => value === '' || value === '1' || value.toLowerCase() === 'on';

/** The variables that `set` in an inputrc changes. */
export class EditorVariables {
  readonly #values = new Map<string, Value>([...defaults, ...own]);

  on(name: string): boolean {
    return this.#values.get(name) === true;
  }

  text(name: string): string {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : '';
  }

  number(name: string): number {
    return Number.parseInt(this.text(name), 10) || 0;
  }

  /** False if there is no such variable. */
  set(name: string, value: string): boolean {
    const lower = name.toLowerCase();
    const known = this.#values.get(lower);
    if (known === undefined) return false;
    this.#values.set(lower, typeof known === 'boolean' ? switchedOn(value) : value);
    return true;
  }

  /** All of readline's, as texts. */
  entries(): readonly (readonly [string, string])[] {
    return defaults.map(([name]) => {
      const value = this.#values.get(name) ?? '';
      return [name, typeof value === 'string' ? value : value ? 'on' : 'off'];
    });
  }
}
