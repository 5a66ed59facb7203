import { Failure } from '../../errors';
import type { Factory } from '../../factory';
import { list, nameOfObject, text } from '../../json';
import { pathOf } from '../../resource/mapper';
import { preferredResources } from '../cluster/api-resources';

/** The live cluster as completion asks it: what fails offers nothing. */
export class Objects {
  constructor(readonly factory: Factory) {}

  /** Resources that can be listed, as `pods` and `deployments.apps`; of `pods,ser` the last is completed. */
  async types(wanted: string): Promise<readonly string[]> {
    const comma = wanted.lastIndexOf(',') + 1;
    const [head, tail] = [wanted.slice(0, comma), wanted.slice(comma)];
    try {
      const all = preferredResources(await this.factory.discovery());
      return all
        .filter(({ verbs }) => verbs.includes('get'))
        .toSorted((a, b) => compare(a.group, b.group) || compare(a.name, b.name))
        .map(({ name, group }) => (group === '' ? name : `${name}.${group}`))
        .filter((name) => name.startsWith(tail))
        .map((name) => head + name);
    } catch (reason) {
      return nothing(reason);
    }
  }

  /** Names of the objects of a type that begin with a word. */
  async names(type: string, wanted: string, namespace?: string): Promise<readonly string[]> {
    const found = await this.#items(type, namespace ?? this.factory.namespace.namespace);
    return found.map(nameOfObject).filter((name) => name.startsWith(wanted));
  }

  /** Names of a pod's containers, the init containers first. */
  async containers(pod: string, wanted: string): Promise<readonly string[]> {
    try {
      const mapper = await this.factory.mapper();
      const mapping = mapper.forArgument('pods');
      const found = await this.factory.client.get(
        pathOf(mapping, this.factory.namespace.namespace, pod.replace(/^.*\//, '')),
      );
      return [...list(found, 'spec', 'initContainers'), ...list(found, 'spec', 'containers')]
        .map((container) => text(container, 'name'))
        .filter((name) => name.startsWith(wanted));
    } catch (reason) {
      return nothing(reason);
    }
  }

  async #items(type: string, namespace: string): Promise<readonly unknown[]> {
    try {
      const mapper = await this.factory.mapper();
      const mapping = mapper.forArgument(type);
      return list(await this.factory.client.get(pathOf(mapping, mapping.namespaced ? namespace : '')), 'items');
    } catch (reason) {
      return nothing(reason);
    }
  }

  config(kind: 'contexts' | 'clusters' | 'users', wanted: string): readonly string[] {
    try {
      return [...this.factory.config[kind].keys()].filter((name) => name.startsWith(wanted)).toSorted();
    } catch (reason) {
      return nothing(reason);
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function nothing(reason: unknown): readonly never[] {
  if (!(reason instanceof Failure)) throw reason;
  return [];
}
