import { changesOf } from '../containers/dockerd/changes';
import type { Lab } from '../cluster/lab';
import { Changes } from './changes';
import { Life } from './life';
import type { WorldUpdate } from './view';
import { dockerView } from './views/docker';
import { imageSheets, upperSheet } from './views/sheets';

/** How often the clock alone makes an update, in virtual milliseconds. */
const TICK = 500;

/**
 * Turns changes of the world into small view updates. It watches as any client of the room would, and draws nothing that
 * no room says.
 */
export class Feed {
  readonly #lab: Lab;
  readonly #changes = new Changes();
  #natHost = '';
  #natDirty = true;
  #unwatchNat: () => void = () => undefined;
  #natKeys: ReadonlySet<string> = new Set();
  #told = -Infinity;
  #factor = NaN;
  readonly #dockerKeys = new Set<string>();
  #watched = '';
  #looked = -Infinity;
  /** The rows of the writable layer as they were told. */
  #upper = '';

  /** A feed of a booted lab. */
  static async create(lab: Lab): Promise<Feed> {
    const feed = new Feed(lab);
    if (lab.registry !== undefined) (await import('./feed-cluster')).watchCluster(lab, feed.#changes);
    return feed;
  }

  private constructor(lab: Lab) {
    this.#lab = lab;
    new Life(lab.trace, {
      add: (view) => this.#changes.set('life', view),
      reset: () => this.#changes.reset('life'),
    }).followCommands(lab.trace);
    lab.docker.onChange(() => this.#showDocker());
    this.#showDocker();
    this.watchNat(lab.hosts.find(({ name }) => name === 'node1')?.name ?? lab.first.name);
  }

  #showDocker(): void {
    const { docker } = this.#lab;
    const gone = new Set(this.#dockerKeys);
    for (const container of docker.containers()) {
      const view = dockerView(container, this.#lab.clock.now);
      gone.delete(view.key);
      this.#dockerKeys.add(view.key);
      this.#changes.set('docker', view);
    }
    for (const key of gone) {
      this.#dockerKeys.delete(key);
      this.#changes.remove('docker', key);
    }
  }

  /** Whose layers the page looks at; a key of nobody shows none. */
  watchContainer(id: string): void {
    this.#watched = id;
    this.#upper = '';
    this.#changes.reset('sheets');
    const container = this.#lab.docker.containers().find((each) => each.id === id);
    for (const sheet of container === undefined ? [] : imageSheets(container)) this.#changes.set('sheets', sheet);
    this.#looked = -Infinity;
  }

  /** Files change without telling anybody: the writable layer is looked at now and then, while somebody watches. */
  #showUpper(): void {
    const { docker, clock } = this.#lab;
    if (this.#watched === '' || clock.now - this.#looked < TICK) return;
    this.#looked = clock.now;
    const found = docker.containerOf(this.#watched);
    if (found === undefined) return;
    const sheet = upperSheet(found.container, changesOf(found.engine, found.container));
    const text = JSON.stringify(sheet.rows);
    if (text === this.#upper) return;
    this.#upper = text;
    this.#changes.set('sheets', sheet);
  }

  /** Which host's nat table the page looks at. */
  watchNat(name: string): void {
    const host = this.#lab.host(name);
    if (host === undefined) return;
    this.#unwatchNat();
    this.#natHost = name;
    this.#natDirty = true;
    this.#natKeys = new Set();
    this.#changes.reset('nat');
    this.#unwatchNat = host.net.netfilter.onChange(() => {
      this.#natDirty = true;
    });
  }

  #showNat(): void {
    const host = this.#lab.host(this.#natHost);
    const nat = host?.net.netfilter.tables().find(({ name }) => name === 'nat');
    const keys = new Set<string>();
    for (const chain of nat?.chains ?? []) {
      const key = `nat/${chain.name}`;
      keys.add(key);
      this.#changes.set('nat', { key, table: 'nat', ...chain });
    }
    for (const key of this.#natKeys) if (!keys.has(key)) this.#changes.remove('nat', key);
    this.#natKeys = keys;
  }

  /** What changed since the last flush; undefined if there is nothing to tell. */
  flush(factor: number): WorldUpdate | undefined {
    if (this.#natDirty) {
      this.#natDirty = false;
      this.#showNat();
    }
    this.#showUpper();
    const changes = this.#changes.flush();
    const { now } = this.#lab.clock;
    if (changes.length === 0 && now - this.#told < TICK && factor === this.#factor) return undefined;
    this.#told = now;
    this.#factor = factor;
    return { now, revision: this.#lab.registry?.revision ?? 0, speed: factor, paused: factor === 0, changes };
  }
}
