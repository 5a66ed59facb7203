import { err, ok, type Result } from '../../../sim/result';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import type { Status } from '../../apimachinery/status';
import type { Actor } from '../registry';
import type { Storage } from '../storage';
import type { Authorizer } from '../authorization/authorizer';
import { authorizerOf } from '../authorization/modes';
import type { InProcessWebhooks } from './webhook/in-process';
import { isKnownPlugin, pluginsOnByDefault } from './plugin-names';

/** What a plugin sees of a write. */
export interface Attributes<T extends ApiObject = ApiObject> {
  readonly kind: Kind<T>;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly subresource?: string;
  readonly object: T;
  readonly old?: T;
  /** For creations: the name as it was asked for, or what to make one of, while the server has not given it out. */
  readonly requested?: string;
  /** What was written, where it is shown as another version (`kind`) to whoever asked for that. */
  readonly asked?: Kind;
  readonly actor: Actor;
  readonly dryRun: boolean;
}

export type PluginConfigurations = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const unconfigured: PluginConfigurations = new Map();

/** What plugins get besides the store: initializer.WantsAuthorizer and its like. */
export interface Initializer {
  readonly authorizer: Authorizer;
  /** What --admission-control-config-file has for plugins, by their names. */
  readonly configurations: () => PluginConfigurations;
}

/** An admission plugin. What it does not care about it leaves as it is. */
export interface AdmissionPlugin {
  readonly name: string;
  /** Resources that it looks at; absent: all. */
  readonly resources?: readonly string[];
  /** Changes the object. */
  mutate?<T extends ApiObject>(attributes: Attributes<T>, storage: Storage, server: Initializer): Result<T, Status>;
  /** Reserves what only the server can give (addresses, ports), when the object is known to be valid. */
  allocate?<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status>;
  /** Refuses it. */
  validate?(attributes: Attributes, storage: Storage, server: Initializer): Status | undefined;
  /** The write did not happen after all: gives back what was reserved. */
  release?(kind: Kind, object: ApiObject): void;
  /** The write happened. `object` is absent after a deletion. */
  stored?(kind: Kind, object: ApiObject | undefined, old: ApiObject | undefined): void;
}

/** Those that have something to do with a kind, by what they do. */
type Phases = Readonly<Record<'mutate' | 'allocate' | 'validate' | 'release' | 'stored', readonly AdmissionPlugin[]>>;

/** Those that handle CONNECT. */
const connectors: ReadonlySet<string> = new Set(['ValidatingAdmissionWebhook', 'ValidatingAdmissionPolicy']);

/** Runs the plugins in their order: mutating ones, then the kind's own validation, then validating ones, as upstream does. */
export class Admission implements Initializer {
  readonly #byResource = new Map<string, Phases>();
  #running: ReadonlySet<string> | undefined;
  /** For writes that do not come through HTTP. */
  webhooks: InProcessWebhooks | undefined;

  constructor(
    readonly plugins: readonly AdmissionPlugin[],
    readonly storage: Storage,
    /** Which of those that flags can turn on and off are on. */
    public enabled: () => ReadonlySet<string> = () => pluginsOnByDefault,
    /** What says who may do what, for plugins that ask. */
    public authorizer: Authorizer = authorizerOf(storage),
    public configurations: () => PluginConfigurations = () => unconfigured,
  ) {}

  admit<T extends ApiObject>(attributes: Attributes<T>): Result<T, Status> {
    const plugins = this.#pluginsOf(attributes.kind);
    let now = attributes;
    for (const plugin of plugins.mutate) {
      const result = plugin.mutate?.(now, this.storage, this);
      if (result === undefined) continue;
      if (!result.ok) {
        attributes.actor.told?.('mutate', plugin.name, { refused: result.error.code });
        return this.#refused(now, result.error);
      }
      if (result.value === now.object) continue;
      attributes.actor.told?.('mutate', plugin.name);
      now = { ...now, object: result.value };
    }
    return ok(now.object);
  }

  /** Validating admission, of an object that is known to be valid. What was reserved is up to the caller. */
  validate(attributes: Attributes): Status | undefined {
    for (const plugin of this.#pluginsOf(attributes.kind).validate) {
      const refusal = plugin.validate?.(attributes, this.storage, this);
      if (refusal === undefined) continue;
      attributes.actor.told?.('admit', plugin.name, { refused: refusal.code });
      return refusal;
    }
    attributes.actor.told?.('admit', attributes.kind.resource);
    return undefined;
  }

  /** Validating admission of a connection: nothing is written, which is all that the other plugins look at. */
  connect(attributes: Attributes): Status | undefined {
    for (const plugin of this.#pluginsOf(attributes.kind).validate) {
      const refusal = connectors.has(plugin.name) ? plugin.validate?.(attributes, this.storage, this) : undefined;
      if (refusal === undefined) continue;
      attributes.actor.told?.('admit', plugin.name, { refused: refusal.code });
      return refusal;
    }
    return undefined;
  }

  allocate<T extends ApiObject>(attributes: Attributes<T>): Result<T, Status> {
    let now = attributes;
    for (const plugin of this.#pluginsOf(attributes.kind).allocate) {
      const result = plugin.allocate?.(now, this.storage);
      if (result === undefined) continue;
      if (!result.ok) return result;
      now = { ...now, object: result.value };
    }
    return ok(now.object);
  }

  release(kind: Kind, object: ApiObject): void {
    for (const plugin of this.#pluginsOf(kind).release) plugin.release?.(kind, object);
  }

  stored(kind: Kind, object: ApiObject | undefined, old: ApiObject | undefined): void {
    for (const plugin of this.#pluginsOf(kind).stored) plugin.stored?.(kind, object, old);
  }

  #refused({ kind, object }: Attributes, status: Status): Result<never, Status> {
    this.release(kind, object);
    return err(status);
  }

  #pluginsOf({ resource }: Kind): Phases {
    const enabled = this.enabled();
    if (enabled !== this.#running) this.#byResource.clear();
    this.#running = enabled;
    const known = this.#byResource.get(resource);
    if (known !== undefined) return known;
    const all = this.plugins.filter(
      ({ name, resources }) =>
        (enabled.has(name) || !isKnownPlugin(name)) && (resources === undefined || resources.includes(resource)),
    );
    const phases: Phases = {
      mutate: all.filter(({ mutate }) => mutate !== undefined),
      allocate: all.filter(({ allocate }) => allocate !== undefined),
      validate: all.filter(({ validate }) => validate !== undefined),
      release: all.filter(({ release }) => release !== undefined),
      stored: all.filter(({ stored }) => stored !== undefined),
    };
    this.#byResource.set(resource, phases);
    return phases;
  }
}
