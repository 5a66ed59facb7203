import type { Host } from '../host';
import { unitFileState } from './install';
import { Journal } from './journal';
import type { Log } from './log';
import { PlainUnit } from './plain-unit';
import { Scope, scopeGroups } from './scope';
import { Service } from './service';
import type { ServiceContext } from './service-processes';
import type { JobDone, Unit } from './unit';
import { canonicalName, currentStamp, loadUnit, namesOf, valueOf } from './unit-file';

export type Refused = 'not-found' | 'not-loaded' | 'masked' | 'bad-setting' | 'not-reloadable';

const refused = (reason: Refused): { readonly refused: Refused } => ({ refused: reason });
const accepted = { refused: undefined } as const;

/** PID 1 of a host: the units and their jobs (systemd(1)), and the journal beside it. */
export class Manager implements ServiceContext {
  readonly journal: Journal;
  readonly #units = new Map<string, Unit>();
  /** When the files of units were read that have to be read again. */
  readonly #read = new Map<string, number>();
  #jobs = 0;
  #runs = 0;
  readonly startedAt: number;

  constructor(readonly host: Host) {
    this.journal = new Journal(host.clock, digest(`boot ${host.name}`));
    this.startedAt = host.clock.now;
  }

  /** Ids look random and are the same in each life of a world. */
  invocation(unit: string): string {
    return digest(`${this.host.name} ${unit} ${++this.#runs}`);
  }

  nextJob(): number {
    return ++this.#jobs;
  }

  log({ unit, message, priority, id, fields }: Log): void {
    this.journal.append({ priority, identifier: 'systemd', message, source: self, about: unit, id, fields });
  }

  /** The unit of that name, loaded when somebody first asks. */
  unit(given: string): Unit {
    const scope = given.endsWith('.scope') ? this.#scopes().find(({ name }) => name === given) : undefined;
    if (scope !== undefined) return scope;
    const name = canonicalName(this.host.fs, given);
    let unit = this.#units.get(name);
    if (unit !== undefined) {
      // What was not there may be there now, without daemon-reload.
      const { load } = unit.definition;
      const fresh = this.#read.get(name) === this.host.clock.now;
      if (
        !fresh &&
        (load === 'not-found' || load === 'bad-setting' || (unit.stateChanged === undefined && this.isStale(unit)))
      )
        this.#load(unit);
      return unit;
    }
    const definition = loadUnit(this.host.fs, name);
    unit = name.endsWith('.service')
      ? new Service(name, definition, this)
      : new PlainUnit(
          name,
          definition,
          () => this.host.clock.now,
          (changed, up) => this.#told(changed, up),
        );
    this.#check(unit);
    if (definition.load !== 'not-found') this.#units.set(name, unit);
    return unit;
  }

  service(name: string): Service | undefined {
    const unit = this.unit(name);
    return unit instanceof Service ? unit : undefined;
  }

  /** Units in memory. */
  get units(): readonly Unit[] {
    return [...this.#units.values(), ...this.#scopes()];
  }

  /** What others put into groups of that kind, runc its containers: with cgroups v1 it does not ask systemd. */
  #scopes(): readonly Scope[] {
    const { host } = this;
    if (host.cgroup !== undefined) return [];
    return scopeGroups(host.kernel.cgroups).map(
      (group) => new Scope(host, group, digest(`${host.name} ${group.path}`)),
    );
  }

  /** Whether the files of a unit changed since they were read. */
  isStale({ name, definition }: Unit): boolean {
    return definition.load === 'loaded' && definition.stamp !== currentStamp(this.host.fs, name);
  }

  /** `systemctl daemon-reload`. */
  reload(): void {
    for (const [name, unit] of this.#units) {
      this.#load(unit);
      if (unit.definition.load === 'not-found' && unit.active === 'inactive') this.#units.delete(name);
    }
  }

  #load(unit: Unit): void {
    unit.definition = loadUnit(this.host.fs, unit.name);
    this.#check(unit);
  }

  #check(unit: Unit): void {
    this.#read.set(unit.name, this.host.clock.now);
    const { definition } = unit;
    for (const message of definition.problems) this.log({ unit: unit.name, message, priority: 4 });
    if (unit instanceof Service && definition.load === 'loaded' && !unit.hasCommands) {
      const message = `${unit.name}: Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.`;
      this.log({ unit: unit.name, message, priority: 3 });
      unit.definition = { ...definition, load: 'bad-setting' };
    }
  }

  /** Units that no other refers to are forgotten when they are inactive. */
  idle(unit: Unit): void {
    const { name } = unit;
    if (unitFileState(this.host.fs, name) === 'enabled') return;
    const refers = ({ definition }: Unit): boolean =>
      ['Wants', 'Requires', 'After', 'Before', 'BindsTo', 'PartOf'].some((key) =>
        namesOf(definition, 'Unit', key).includes(name),
      );
    if (this.units.some((other) => other !== unit && refers(other))) return;
    unit.forget();
    this.#load(unit);
  }

  #told({ name, definition, type }: PlainUnit, up: boolean): void {
    const text = valueOf(definition, 'Unit', 'Description') ?? name;
    if (type === 'target')
      this.log({ unit: name, message: `${up ? 'Reached' : 'Stopped'} target ${name} - ${text}.`, priority: 6 });
    else if (type === 'socket')
      this.log({ unit: name, message: `${up ? 'Listening on' : 'Closed'} ${name} - ${text}.`, priority: 6 });
  }

  // Jobs. A refusal comes at once; else `done` is called.

  start(name: string, done: JobDone): { readonly refused: Refused | undefined } {
    const unit = this.unit(name);
    const { load } = unit.definition;
    if (load === 'masked' || load === 'not-found' || load === 'bad-setting') return refused(load);
    if (unit.active === 'inactive' || unit.active === 'failed') this.#pull(unit);
    unit.start(done);
    return accepted;
  }

  /** Starts what a unit wants and requires. */
  #pull(unit: Unit): void {
    for (const setting of ['Requires', 'Wants', 'BindsTo'])
      for (const other of namesOf(unit.definition, 'Unit', setting)) {
        const wanted = this.unit(other);
        if (wanted.definition.load === 'loaded' && wanted.active === 'inactive') this.start(other, () => undefined);
      }
    for (const other of namesOf(unit.definition, 'Unit', 'Conflicts')) {
      const known = this.#units.get(other);
      if (known?.active === 'active') known.stop(() => undefined);
    }
  }

  stop(name: string, done: JobDone): { readonly refused: Refused | undefined } {
    const unit = this.unit(name);
    const { load } = unit.definition;
    if (load !== 'loaded' && unit.active === 'inactive') return refused(load === 'masked' ? 'masked' : 'not-loaded');
    for (const other of this.#dependents(unit)) other.stop(() => undefined);
    unit.stop(done);
    return accepted;
  }

  /** Running units that need this one: they stop with it. */
  #dependents({ name }: Unit): readonly Unit[] {
    return this.units.filter(
      ({ definition, active }) =>
        (active === 'active' || active === 'activating') &&
        ['Requires', 'BindsTo', 'PartOf'].some((setting) => namesOf(definition, 'Unit', setting).includes(name)),
    );
  }

  restart(name: string, done: JobDone): { readonly refused: Refused | undefined } {
    const unit = this.unit(name);
    const { load } = unit.definition;
    if (load !== 'loaded') return refused(load);
    const dependents = this.#dependents(unit);
    if (!(unit instanceof Service)) {
      unit.stop(() => undefined);
      unit.start(done);
      return accepted;
    }
    for (const other of dependents) if (other instanceof Service) other.restart(() => undefined);
    unit.restart(done);
    return accepted;
  }

  reloadUnit(name: string, done: JobDone): { readonly refused: Refused | undefined } {
    const unit = this.unit(name);
    const { load } = unit.definition;
    if (load !== 'loaded') return refused(load);
    if (!(unit instanceof Service) || !unit.canReload) return refused('not-reloadable');
    unit.reload(done);
    return accepted;
  }

  /** sd_notify(3) from a process of a service. */
  notify(pid: number, state: Readonly<Record<string, string>>): void {
    for (const unit of this.#units.values()) if (unit instanceof Service && unit.main?.pid === pid) unit.notify(state);
  }

  /** Which unit a process of this host belongs to. */
  unitOf(cgroup: string): string | undefined {
    return cgroup
      .split('/')
      .reverse()
      .find((part) => /\.(service|scope)$/.test(part));
  }

  /** Starts what the default target wants, as at boot. */
  boot(): void {
    const { fs } = this.host;
    fs.mkdirAll('/run/systemd/system');
    for (const target of bootTargets) {
      this.start(target, () => undefined);
      for (const folder of ['/lib/systemd/system', '/etc/systemd/system']) {
        const wanted = fs.readdir(`${folder}/${target}.wants`);
        if (!wanted.ok) continue;
        for (const { name } of wanted.value) this.start(name, () => undefined);
      }
    }
  }
}

/** In the order in which they are reached. */
const bootTargets = ['sysinit.target', 'basic.target', 'multi-user.target', 'graphical.target'];

const self = {
  pid: 1,
  uid: 0,
  gid: 0,
  comm: 'systemd',
  exe: '/usr/lib/systemd/systemd',
  cmdline: '/sbin/init',
  unit: 'init.scope',
  cgroup: '/init.scope',
  invocation: undefined,
  transport: 'journal',
} as const;

/** 32 hexadecimal digits of a text (FNV-1a, four times). */
function digest(text: string): string {
  let out = '';
  let hash = 0x811c9dc5;
  for (let round = 0; round < 4; round++) {
    for (let index = 0; index < text.length; index++)
      hash = Math.imul(hash ^ text.charCodeAt(index) ^ round, 0x01000193);
    out += (hash >>> 0).toString(16).padStart(8, '0');
  }
  return out;
}
