import type { Process } from '../../../linux/process/types';
import { compareVersions } from '../../toolkit/format';
import type { Options } from '../../toolkit/options';
import type { Package } from './catalogue';
import { locatable } from './sources';
import { Dpkg } from './status';
import type { Step } from './transaction';

/** apt-get(8) and apt(8) while they run. */
export class Apt {
  readonly dpkg: Dpkg;
  readonly known: ReadonlyMap<string, Package>;

  constructor(
    readonly process: Process,
    readonly options: Options,
    readonly isApt: boolean,
  ) {
    this.dpkg = new Dpkg(process.fs);
    this.known = locatable(process.fs);
  }

  get quiet(): number {
    return this.options.given.filter(({ name }) => name === 'q').length;
  }
  get terminal(): boolean {
    return this.process.fds.get(1)?.kind === 'tty' && this.quiet === 0;
  }
  async print(text: string, unless = 2): Promise<void> {
    if (this.quiet < unless) await this.process.stdout.write(text);
  }
  async error(message: string): Promise<number> {
    await this.process.stderr.write(`E: ${message}\n`);
    return 100;
  }

  /** The three lines with which everything begins. */
  async open(): Promise<void> {
    const state = this.process.fs.stat('/var/lib/apt/extended_states').ok;
    const done = this.terminal ? ' Done' : '';
    await this.print(`Reading package lists...${done}\nBuilding dependency tree...${done}\n`);
    if (state) await this.print(`Reading state information...${done}\n`);
    await this.process.sleep(400);
  }

  /** The newest version that can be had. */
  candidate(each: Package): string {
    return each.versions[0] ?? '';
  }

  upgradable(): readonly Step[] {
    return [...this.dpkg.installed.values()].flatMap(({ package: { name }, version, state, want, auto }) => {
      const each = this.known.get(name);
      if (each === undefined || state !== 'installed' || want === 'hold') return [];
      const newest = this.candidate(each);
      return compareVersions(newest, version) > 0 ? [{ package: each, version: newest, before: version, auto }] : [];
    });
  }

  /** Automatically installed packages that nobody needs any more. */
  orphans(without: readonly string[] = []): readonly string[] {
    const gone = new Set(without);
    for (;;) {
      const before = gone.size;
      for (const {
        package: { name },
        auto,
        state,
      } of this.dpkg.installed.values()) {
        if (!auto || state !== 'installed' || gone.has(name)) continue;
        const needed = [...this.dpkg.installed.values()].some(
          (other) =>
            other.state === 'installed' && !gone.has(other.package.name) && other.package.depends.includes(name),
        );
        if (!needed) gone.add(name);
      }
      if (gone.size === before) break;
    }
    return [...gone].filter((name) => !without.includes(name)).sort();
  }
}
