import type { Lab } from '../cluster/lab';
import { daemonSet } from '../kubernetes/api/apps/daemonset';
import { deployment } from '../kubernetes/api/apps/deployment';
import { replicaSet } from '../kubernetes/api/apps/replicaset';
import { node } from '../kubernetes/api/core/node';
import { pod } from '../kubernetes/api/core/pod';
import { service } from '../kubernetes/api/core/service';
import { endpointSlice, serviceNameLabel, type EndpointSlice } from '../kubernetes/api/discovery/endpointslice';
import type { ApiObject } from '../kubernetes/apimachinery/object';
import type { Kind } from '../kubernetes/apimachinery/kind';
import type { Registry, RegistryClient } from '../kubernetes/apiserver/registry';
import { Changes } from './changes';
import { Life } from './life';
import type { CollectionName, Collections, WorldUpdate } from './view';
import { dockerView } from './views/docker';
import { daemonSetView, deploymentView, nodeView, podView, replicaSetView, serviceView } from './views/kubernetes';

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

  constructor(lab: Lab) {
    this.#lab = lab;
    new Life(lab.trace, {
      add: (view) => this.#changes.set('life', view),
      reset: () => this.#changes.reset('life'),
    }).followCommands(lab.trace);
    if (lab.registry !== undefined) this.#watchCluster(lab.registry);
    lab.docker.onChange(() => this.#showDocker());
    this.#showDocker();
    this.watchNat(lab.hosts.find(({ name }) => name === 'node1')?.name ?? lab.first.name);
  }

  #watchCluster(registry: Registry): void {
    const client = registry.as({ user: 'system:bottleship:page', groups: ['system:masters'], agent: 'page' });
    const now = (): number => this.#lab.clock.now;
    this.#watch(client, node, 'nodes', (object) => nodeView(object, now()));
    this.#watch(client, pod, 'pods', (object, cause) => podView(object, cause, now()));
    this.#watch(client, deployment, 'workloads', deploymentView);
    this.#watch(client, replicaSet, 'workloads', replicaSetView);
    this.#watch(client, daemonSet, 'workloads', daemonSetView);
    this.#watch(client, service, 'services', (object, cause) =>
      serviceView(object, this.#slicesOf(client, object.metadata.namespace, object.metadata.name), cause),
    );
    client.watch(endpointSlice, {}, ({ object, cause }) => {
      const name = object.metadata.labels?.[serviceNameLabel];
      const { namespace } = object.metadata;
      const owner = name === undefined ? undefined : client.get(service, namespace, name);
      if (owner === undefined || name === undefined) return;
      this.#changes.set('services', serviceView(owner, this.#slicesOf(client, namespace, name), cause));
    });
  }

  #slicesOf(client: RegistryClient, namespace: string, name: string): readonly EndpointSlice[] {
    return client.byIndex(endpointSlice, 'service', `${namespace}/${name}`);
  }

  #watch<T extends ApiObject, N extends CollectionName>(
    client: RegistryClient,
    kind: Kind<T>,
    name: N,
    view: (object: T, cause: number) => Collections[N],
  ): void {
    client.watch(kind, {}, ({ type, object, cause }) => {
      if (type === 'DELETED') this.#changes.remove(name, object.metadata.uid);
      else this.#changes.set(name, view(object, cause));
    });
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
    const changes = this.#changes.flush();
    const { now } = this.#lab.clock;
    if (changes.length === 0 && now - this.#told < TICK && factor === this.#factor) return undefined;
    this.#told = now;
    this.#factor = factor;
    return { now, revision: this.#lab.registry?.revision ?? 0, speed: factor, paused: factor === 0, changes };
  }
}
