import type { Process } from '../../linux/process/types';
import { Failure, PlainFailure, StatusError, ConnectionError } from './errors';
import type { FlagSet } from './flags/flag-set';
import { text, type JsonObject } from './json';
import { parseDuration } from './flags/values';
import { humanDuration, parseTime } from '../../kubernetes/apimachinery/time';
import { Mapper, type Mapping } from './resource/mapper';
import { RestClient, type RequestOptions } from './rest/client';
import type { ClientConfig } from './rest/config';
import { discover, DiscoveryCache, fetchDiscovery, type Discovery } from './rest/discovery';
import {
  clientConfig,
  configPaths,
  loadConfig,
  namespaceFrom,
  type ConfigPaths,
  type KubeConfig,
} from './rest/kubeconfig';
import type { Connect } from './rest/transport';

/** What commands need to reach the cluster, made when first asked for. */
export class Factory {
  #config: KubeConfig | undefined;
  #client: RestClient | undefined;
  #discovery: Discovery | undefined;
  #fresh = false;
  #mapper: Mapper | undefined;
  /** Warnings of the server, in order, not yet printed. */
  readonly pendingWarnings: string[] = [];

  constructor(
    readonly process: Process,
    readonly flags: FlagSet,
    readonly command: string,
    readonly connect: Connect,
    /** How often a failure to reach the server is logged before giving up; kubectl's layers each try again. */
    private readonly attempts = 4,
  ) {}

  get paths(): ConfigPaths {
    return configPaths(this.process.env, this.flags.string('kubeconfig'));
  }

  get config(): KubeConfig {
    return (this.#config ??= loadConfig(this.process.fs, this.paths));
  }

  get clientConfig(): ClientConfig {
    return clientConfig(this.process.fs, this.config, this.flags);
  }

  get client(): RestClient {
    if (this.#client) return this.#client;
    const config = this.clientConfig;
    const transport = this.connect(this.process, config);
    this.#client = new RestClient(config, transport, this.command, this.requestTimeout, (message) =>
      this.pendingWarnings.push(message),
    );
    return this.#client;
  }

  /** `--request-timeout` in milliseconds; 0: none. A plain number means seconds. */
  get requestTimeout(): number {
    const given = this.flags.string('request-timeout');
    if (given === '' || given === '0') return 0;
    if (/^\d+$/.test(given)) return Number(given) * 1000;
    const parsed = parseDuration(given);
    if (parsed.ok) return parsed.value;
    throw new PlainFailure(
      `error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)`,
    );
  }

  /** How long ago a time was, as tables print it. */
  age(time: string): string {
    if (time === '') return '<unknown>';
    const ms = parseTime(time);
    return Number.isNaN(ms) ? '<invalid>' : humanDuration(this.process.clock.now - ms);
  }

  /** How often the server warned. */
  get warnings(): number {
    return this.#client?.warnings ?? 0;
  }

  get namespace(): { readonly namespace: string; readonly explicit: boolean } {
    return namespaceFrom(this.config, this.flags);
  }

  get #cache(): DiscoveryCache {
    const home = this.process.env.get('HOME') ?? '/';
    const folder = this.flags.string('cache-dir') || this.process.env.get('KUBECACHEDIR') || `${home}/.kube/cache`;
    return new DiscoveryCache(this.process.fs, folder, this.clientConfig.server, () => this.process.clock.now);
  }

  /** From the disk, or of the server; `fresh` skips the disk. */
  async discovery({ fresh = false } = {}): Promise<Discovery> {
    if (this.#discovery && (!fresh || this.#fresh)) return this.#discovery;
    const client = this.client;
    const cached = fresh ? undefined : this.#cache.read();
    if (cached) return (this.#discovery = cached);
    const attempts = this.#discovery === undefined ? this.attempts + this.#categories : attemptsAfterCache;
    this.#discovery = await this.#fetch(client, attempts);
    this.#fresh = true;
    this.#mapper = undefined;
    this.#cache.write(this.#discovery);
    return this.#discovery;
  }

  /** Whoever wants to know something of discovery tries again. */
  async #fetch(client: RestClient, attempts: number): Promise<Discovery> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchDiscovery(client);
      } catch (reason) {
        if (reason instanceof ConnectionError) this.#complain(reason, attempts);
        if (reason instanceof StatusError) this.#complain(reason, 1);
        if (!(reason instanceof StatusError) || attempt >= attempts) throw reason;
      }
    }
  }

  #schemas: Promise<JsonObject> | undefined;
  /** The index of the server's schemas, asked for once. */
  schemas(): Promise<JsonObject> {
    return (this.#schemas ??= this.client.get('/openapi/v3', schemaRequest));
  }

  /** The schema of a group's version: its address has a hash in it, so it is kept on disk. Undefined: there is none. */
  async schemaText(group: string, version: string): Promise<string | undefined> {
    const name = group === '' ? `api/${version}` : `apis/${group}/${version}`;
    const path = text(await this.schemas(), 'paths', name, 'serverRelativeURL');
    if (path === '') return undefined;
    return this.#cache.kept(path, () =>
      this.client.text('GET', path, { ...schemaRequest, accept: 'application/json' }),
    );
  }

  /** Asks for the schema of a group's version; a server that has none, or does not tell, is no failure. */
  async schemaIfAny(group: string, version: string): Promise<void> {
    try {
      await this.schemaText(group, version);
    } catch (reason) {
      if (!(reason instanceof StatusError)) throw reason;
    }
  }

  #knownSchemas = new Set<string>();
  /**
   * Looks whether the server validates fields of a type (it does). For types that it has no schema of, it looks into the
   * custom ones and into the old schema.
   */
  async schemaOf(group: string, version: string, kind: string): Promise<void> {
    const key = `${group}/${version}/${kind}`;
    if (this.#knownSchemas.has(key)) return;
    this.#knownSchemas.add(key);
    const ask = async (path: string, options: RequestOptions = {}): Promise<void> => {
      if (this.#asked.has(path)) return;
      this.#asked.add(path);
      await this.client.text('GET', path, options);
    };
    const custom = (): Promise<void> => ask('/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    const old = (): Promise<void> => ask('/openapi/v2', schemaRequest);
    try {
      if (kind === 'List') return await old();
      const found = await this.schemaText(group, version);
      if (found === undefined) {
        await custom();
        await old();
      } else if (!found.includes(`"kind":"${kind}"`)) {
        await old();
        await custom();
      }
    } catch (reason) {
      if (!(reason instanceof StatusError)) throw reason;
      // What cannot be had of the third version is looked for in the second.
      await this.schemaV2();
    }
  }

  /** The old schema; a refusal has the words of its code alone. */
  async schemaV2(): Promise<JsonObject> {
    return discover(this.client, '/openapi/v2', schemaRequest.accept, schemaRequest.query);
  }

  readonly #asked = new Set<string>();

  #categories = 0;
  /** Arguments are about to be looked up as categories, which asks the server once more. */
  expectCategories(): void {
    this.#categories = 1;
  }

  // client-go discovery/cached/memory logs each failed attempt with klog.
  #complain(reason: Failure, attempts: number): void {
    const { message } = reason;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const words = JSON.stringify(`couldn't get current server API group list: ${message}`);
      this.log('E', 'memcache.go:265', `"Unhandled Error" err=${words}`);
    }
  }

  readonly klog: string[] = [];

  /** A line of kubectl's own log, which goes to stderr. */
  log(severity: 'I' | 'W' | 'E', place: string, message: string): void {
    this.klog.push(`${klogHead(severity, this.process.clock.now, this.process.pid)} ${place}] ${message}`);
  }

  async mapper(): Promise<Mapper> {
    const discovery = await this.discovery();
    return (this.#mapper ??= new Mapper(discovery, (message) => this.pendingWarnings.push(message)));
  }

  /**
   * The mapping of an argument. With two dots or more it may be resource.version.group; where that fits nothing, the
   * server is asked anew before it is taken for resource.group.
   */
  async resolveArgument(argument: string): Promise<Mapping> {
    const known = await this.mapper();
    if (!this.#fresh && argument.split('.').length > 2 && !known.isFull(argument))
      await this.discovery({ fresh: true });
    return this.resolve((mapper) => mapper.forArgument(argument));
  }

  /** Finds a mapping; what the cached discovery does not know is asked of the server once. */
  async resolve<T>(look: (mapper: Mapper) => T): Promise<T> {
    const mapper = await this.mapper();
    try {
      const found = look(mapper);
      if (found !== undefined) return found;
    } catch (reason) {
      if (!(reason instanceof Failure) || this.#fresh) throw reason;
    }
    if (this.#fresh) return look(mapper);
    await this.discovery({ fresh: true });
    return look(await this.mapper());
  }
}

/** So often is discovery asked for once more where the one on disk does not know something. */
const attemptsAfterCache = 3;

const schemaRequest = { accept: 'application/json, */*', query: { timeout: '32s' } } as const;

/** The head of a klog line: `E1121 03:46:00.270725   29636`. */
export function klogHead(severity: string, ms: number, pid: number): string {
  const date = new Date(ms).toISOString();
  return `${severity}${date.slice(5, 7)}${date.slice(8, 10)} ${date.slice(11, 23)}000 ${String(pid).padStart(7)}`;
}
