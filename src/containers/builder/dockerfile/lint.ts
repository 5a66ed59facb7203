import type { Range } from './source';
import { BuildFailure } from './source';
import { DirectiveReader, findDirective } from './directives';
import { rules, type RuleName } from './rules';

/** One thing that a rule objects to. */
export interface Warning {
  readonly rule: RuleName;
  readonly description: string;
  readonly url: string;
  /** The rule's sentence about this very place. */
  readonly detail: string;
  readonly ranges: readonly Range[];
}

interface Settings {
  readonly skipAll: boolean;
  readonly skip: ReadonlySet<string>;
  readonly experimentalAll: boolean;
  readonly experimental: ReadonlySet<string>;
  readonly error: boolean;
}

const defaults: Settings = {
  skipAll: false,
  skip: new Set(),
  experimentalAll: false,
  experimental: new Set(),
  error: false,
};

/** Collects what the rules object to, as `# check=` of a file or in a comment above an instruction allows (linter.go). */
export class Linter {
  readonly #settings: Settings;
  readonly #found: Warning[];
  readonly #seen: Set<string>;

  constructor(settings: Settings = defaults, found: Warning[] = [], seen = new Set<string>()) {
    this.#settings = settings;
    this.#found = found;
    this.#seen = seen;
  }

  /** With the settings of a Dockerfile's `# check=`, or of the build argument that takes its place. */
  static for(text: string, given: string | undefined): Linter {
    return new Linter(parseOptions(given ?? findDirective(text, 'check')?.value.split(' ')[0] ?? ''));
  }

  get warnings(): readonly Warning[] {
    return this.#found;
  }

  warn(rule: RuleName, ranges: readonly Range[], detail: string): void {
    const { description, url, experimental } = rules[rule];
    const { skipAll, skip, experimentalAll, experimental: allowed } = this.#settings;
    if (experimental === true ? !experimentalAll && !allowed.has(rule) : skipAll || skip.has(rule)) return;
    // An instruction that several stages run through is objected to once.
    const key = `${rule} ${detail} ${ranges.map(({ start }) => start).join()}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#found.push({ rule, description, url, detail, ranges });
  }

  /** For one instruction, whose comments may say `check=skip=…`. */
  with(comments: readonly string[]): Linter {
    for (const comment of comments) {
      const directive = new DirectiveReader('').read(comment);
      if (directive?.name !== 'check') continue;
      const more = parseOptions(directive.value.split(' ')[0] ?? '');
      const { skipAll, skip, experimentalAll, experimental, error } = this.#settings;
      const merged = {
        skipAll: skipAll || more.skipAll,
        skip: new Set([...skip, ...more.skip]),
        experimentalAll: experimentalAll || more.experimentalAll,
        experimental: new Set([...experimental, ...more.experimental]),
        error,
      };
      return new Linter(merged, this.#found, this.#seen);
    }
    return this;
  }

  /** `error=true`: warnings end the build. */
  check(): void {
    if (!this.#settings.error || this.#found.length === 0) return;
    const names = [...new Set(this.#found.map(({ rule }) => rule))];
    throw new BuildFailure(`lint violation found for rules: ${names.join(', ')}`);
  }
}

function parseOptions(text: string): Settings {
  if (text.trim() === '') return defaults;
  let settings = defaults;
  for (const part of text.trim().split(';')) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    const list = value.split(',').map((name) => name.trim());
    switch (key.trim()) {
      case 'skip':
        settings = { ...settings, skipAll: value.trim() === 'all', skip: new Set(list) };
        break;
      case 'experimental':
        settings = { ...settings, experimentalAll: value.trim() === 'all', experimental: new Set(list) };
        break;
      case 'error':
        if (!/^(true|false|1|0|t|f)$/i.test(value.trim()))
          throw new BuildFailure(
            `failed to parse check options: failed to parse check option "error": strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
          );
        settings = { ...settings, error: /^(true|1|t)$/i.test(value.trim()) };
        break;
      default:
        throw new BuildFailure(`failed to parse check options: invalid check option ${JSON.stringify(part)}`);
    }
  }
  return settings;
}
