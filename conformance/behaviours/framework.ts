import { isDeepStrictEqual } from 'node:util';
import type { Lab } from '../../src/cluster/lab';
import { runShell } from '../shell';
import { Client, Refused, type Thing } from './client';
import { startWebhookServer, type WebhookServer } from './webhook-server';

/** A behaviour of the suite: resolves if the cluster has it. */
export type Behaviour = (f: Framework) => Promise<void>;
/** The behaviours of an area by their codenames. */
export type Behaviours = Readonly<Record<string, Behaviour>>;

/** Behaviours of one area of upstream's suite, whose codenames begin alike. */
export const area = (prefix: string, behaviours: Behaviours): Behaviours =>
  Object.fromEntries(Object.entries(behaviours).map(([name, run]) => [`${prefix} ${name} [Conformance]`, run]));

/** How often and how long is asked whether something holds by now. Virtual milliseconds. */
const PERIOD = 500;
const PATIENCE = 180_000;

/** What a behaviour has to work with: a cluster, a namespace of its own, an administrator. */
export class Framework {
  readonly #clusterScoped: string[] = [];
  readonly #namespaces: string[] = [];
  #webhooks: WebhookServer | undefined;

  private constructor(
    readonly lab: Lab,
    readonly api: Client,
    /** Also a name that nothing else has. */
    readonly namespace: string,
  ) {}

  static async begin(lab: Lab, index: number): Promise<Framework> {
    const { controlPlane, clock } = lab;
    if (controlPlane === undefined) throw new Error('there is no cluster');
    const f = new Framework(lab, new Client(controlPlane.handler, clock), `e2e-${index}`);
    await f.createNamespace(f.namespace);
    await f.until(async () => f.exists(`/api/v1/namespaces/${f.namespace}/serviceaccounts/default`));
    return f;
  }

  /** `configmaps` → where they are in the own namespace; `apps/v1/deployments` likewise. */
  at(resource: string, name?: string, namespace = this.namespace): string {
    const parts = resource.split('/');
    const base = parts.length === 1 ? '/api/v1' : `/apis/${parts.slice(0, -1).join('/')}`;
    return `${base}/namespaces/${namespace}/${parts.at(-1)}${name === undefined ? '' : `/${name}`}`;
  }

  async createNamespace(name: string, labels: Readonly<Record<string, string>> = {}): Promise<Thing> {
    this.#namespaces.push(name);
    return this.api.create('/api/v1/namespaces', {
      metadata: { name, labels: { 'e2e-run': 'behaviours', [this.namespace]: 'true', ...labels } },
    });
  }

  /** Makes something outside namespaces that goes again at the end. */
  async createGlobal(path: string, body: unknown): Promise<Thing> {
    const made = await this.api.create(path, body);
    this.#clusterScoped.push(`${path}/${made.metadata.name}`);
    return made;
  }

  async exists(path: string): Promise<boolean> {
    const { code } = await this.api.ask('GET', path);
    return code === 200;
  }

  /** Lets the world run until something holds. */
  async until(holds: () => Promise<boolean>, what = 'a condition', limit = PATIENCE, period = PERIOD): Promise<void> {
    for (const end = this.lab.clock.now + limit; ; await this.lab.clock.advance(period)) {
      if (await holds()) return;
      if (this.lab.clock.now >= end) throw new Error(`timed out waiting for ${what}`);
    }
  }

  /** The server refuses; what it says. */
  async refused(asked: Promise<unknown>, code?: number, part = ''): Promise<Refused> {
    try {
      await asked;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (code !== undefined) this.equal(error.code, code, error.message);
      const said = JSON.stringify(error.status);
      if (!said.includes(part) && !error.message.includes(part)) throw new Error(`no “${part}” in ${said}`);
      return error;
    }
    throw new Error(`the server accepted what it must refuse ${part}`);
  }

  gone = (path: string): Promise<void> => this.until(async () => !(await this.exists(path)), `${path} to be gone`);

  equal(actual: unknown, wanted: unknown, what: string): void {
    if (!isDeepStrictEqual(actual, wanted))
      throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);
  }

  holds(condition: boolean, what: string): void {
    if (!condition) throw new Error(`not so: ${what}`);
  }

  /** Gets, changes and puts an object; again if somebody else was quicker. */
  async change(path: string, change: (thing: Thing) => unknown, subresource = ''): Promise<Thing> {
    for (let tries = 0; ; tries++) {
      const body = change(structuredClone(await this.api.get(`${path}${subresource}`)));
      try {
        return await this.api.update(`${path}${subresource}`, body);
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 409 || tries > 5) throw error;
      }
    }
  }

  /** A line in the shell of the administrator's host. */
  async shell(line: string, stdin?: string) {
    return runShell(this.lab, { line, files: {}, limit: PATIENCE, ...(stdin === undefined ? {} : { stdin }) });
  }

  /** kubectl in the own namespace; a failure is thrown with what it said. */
  async kubectl(line: string, stdin?: string): Promise<string> {
    const { code, stdout, stderr } = await this.shell(`kubectl --namespace=${this.namespace} ${line}`, stdin);
    if (code !== 0) throw new Error(`kubectl ${line}: ${stderr}`);
    return stdout;
  }

  async kubectlFails(line: string, stdin: string | undefined, part: string): Promise<void> {
    const { code, stderr } = await this.shell(`kubectl --namespace=${this.namespace} ${line}`, stdin);
    if (code === 0 || !stderr.includes(part)) throw new Error(`kubectl ${line}: no “${part}” in “${stderr}”`);
  }

  /** A program of this namespace that answers webhooks, and the service before it. */
  async webhooks(): Promise<WebhookServer> {
    return (this.#webhooks ??= await startWebhookServer(this));
  }

  async end(): Promise<void> {
    this.api.close();
    for (const path of this.#clusterScoped.reverse()) await this.api.ask('DELETE', path);
    this.#webhooks?.stop();
    for (const name of this.#namespaces) await this.api.ask('DELETE', `/api/v1/namespaces/${name}`);
    await this.lab.clock.advance(5000);
  }
}
