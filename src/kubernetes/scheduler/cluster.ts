import type { LabelSelectorLike, Labels, NodeLike, PodLike } from './objects';
import { NodeInfo, podInfo, type PodInfo } from './node-info';
import { labelMatcher } from './selectors';
import type { StorageLister } from './volumes';

/** How many selectors are counted along with the pods; the least recently asked one is forgotten first. */
const COUNTED = 256;

interface Counted {
  readonly namespace: string;
  readonly matches: (labels: Labels) => boolean;
  /** By the node's slot. */
  readonly perNode: number[];
}

/**
 * What the scheduler knows: nodes, and the pods that are on them or are about to be (assumed). Sums and counts are kept
 * as pods come and go, so that looking at a node costs the same however many pods it has.
 */
export class Cluster {
  readonly #nodes = new Map<string, NodeInfo>();
  #slots = 0;
  /** Slots of nodes that are gone. */
  readonly #free: number[] = [];
  #list: readonly NodeInfo[] | undefined;
  readonly #imageNodes = new Map<string, number>();
  readonly #counted = new Map<string, Counted>();
  /** Pods of nodes that are not (yet, any more) there. */
  readonly #stray = new Map<string, Map<string, PodInfo>>();
  /** Pods that say something of other pods, by key: few, so that the rest costs nothing. */
  readonly withAffinity = new Map<string, { readonly info: PodInfo; readonly node: NodeInfo }>();
  readonly #defaultSelector: (pod: PodLike) => LabelSelectorLike | undefined;
  /** What is asked about claims and volumes. */
  readonly storage: StorageLister | undefined;

  /** `defaultSelector` finds what a pod's Services and its owner select; undefined if nothing. */
  constructor(defaultSelector: (pod: PodLike) => LabelSelectorLike | undefined, storage?: StorageLister) {
    this.#defaultSelector = defaultSelector;
    this.storage = storage;
  }

  /** In the order in which they came. */
  get nodes(): readonly NodeInfo[] {
    return (this.#list ??= [...this.#nodes.values()]);
  }

  get size(): number {
    return this.#nodes.size;
  }

  node(name: string): NodeInfo | undefined {
    return this.#nodes.get(name);
  }

  setNode(node: NodeLike): void {
    const { name } = node.metadata;
    const known = this.#nodes.get(name);
    if (known !== undefined) {
      const before = known.images;
      known.node = node;
      if (known.images !== before) {
        this.#countImages(before, -1);
        this.#countImages(known.images, 1);
      }
      return;
    }
    const info = new NodeInfo(node, this.#free.pop() ?? this.#slots++);
    this.#nodes.set(name, info);
    this.#list = undefined;
    this.#countImages(info.images, 1);
    for (const [key, pod] of this.#stray.get(name) ?? []) this.#place(info, key, pod);
    this.#stray.delete(name);
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (info === undefined) return;
    this.#nodes.delete(name);
    this.#list = undefined;
    this.#countImages(info.images, -1);
    for (const { perNode } of this.#counted.values()) perNode[info.slot] = 0;
    this.#free.push(info.slot);
    for (const key of info.pods.keys()) this.withAffinity.delete(key);
    if (info.pods.size > 0) this.#stray.set(name, new Map(info.pods));
  }

  /** Counts a pod on a node, under a key that `removePod` takes. */
  addPod(key: string, pod: PodLike, nodeName: string): void {
    const info = podInfo(pod);
    const node = this.#nodes.get(nodeName);
    if (node !== undefined) {
      this.#place(node, key, info);
      return;
    }
    const stray = this.#stray.get(nodeName);
    if (stray === undefined) this.#stray.set(nodeName, new Map([[key, info]]));
    else stray.set(key, info);
  }

  removePod(key: string, nodeName: string): void {
    this.#stray.get(nodeName)?.delete(key);
    this.withAffinity.delete(key);
    const node = this.#nodes.get(nodeName);
    const info = node?.remove(key);
    if (node !== undefined && info !== undefined) this.#recount(node, info, -1);
  }

  nodesWithImage(image: string): number {
    return this.#imageNodes.get(image) ?? 0;
  }

  defaultSelector(pod: PodLike): LabelSelectorLike | undefined {
    return this.#defaultSelector(pod);
  }

  /** How many pods of `namespace` on a node the selector selects, as long as nothing is placed. */
  selectedCounts(namespace: string, selector: LabelSelectorLike | undefined): (node: NodeInfo) => number {
    if (selector === undefined) return () => 0;
    const key = `${namespace} ${selectorText(selector)}`;
    let counted = this.#counted.get(key);
    if (counted === undefined) {
      counted = this.#count(namespace, labelMatcher(selector));
      this.#counted.set(key, counted);
      if (this.#counted.size > COUNTED) {
        for (const oldest of this.#counted.keys()) {
          this.#counted.delete(oldest);
          break;
        }
      }
    }
    const { perNode } = counted;
    return (node) => perNode[node.slot] ?? 0;
  }

  #count(namespace: string, matches: (labels: Labels) => boolean): Counted {
    const perNode = new Array<number>(this.#slots).fill(0);
    for (const node of this.nodes) {
      let count = 0;
      for (const pod of node.pods.values()) if (pod.namespace === namespace && matches(pod.labels)) count++;
      perNode[node.slot] = count;
    }
    return { namespace, matches, perNode };
  }

  #place(node: NodeInfo, key: string, info: PodInfo): void {
    const before = node.remove(key);
    if (before !== undefined) this.#recount(node, before, -1);
    node.add(key, info);
    const { affinity } = info.pod.spec;
    if (affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined) {
      this.withAffinity.set(key, { info, node });
    }
    this.#recount(node, info, 1);
  }

  #recount(node: NodeInfo, { namespace, labels }: PodInfo, by: number): void {
    for (const counted of this.#counted.values()) {
      if (counted.namespace !== namespace || !counted.matches(labels)) continue;
      counted.perNode[node.slot] = (counted.perNode[node.slot] ?? 0) + by;
    }
  }

  #countImages(images: ReadonlyMap<string, number>, by: number): void {
    for (const name of images.keys()) this.#imageNodes.set(name, (this.#imageNodes.get(name) ?? 0) + by);
  }
}

const texts = new WeakMap<LabelSelectorLike, string>();

function selectorText(selector: LabelSelectorLike): string {
  let text = texts.get(selector);
  if (text === undefined) texts.set(selector, (text = JSON.stringify(selector)));
  return text;
}
