import { node } from '../api/core/node';
import { pod as podKind, type Pod } from '../api/core/pod';
import { parseManifest } from '../apimachinery/manifest';
import { timeOf } from '../apimachinery/time';
import type { KubeletContext } from './types';

export const MIRROR = 'kubernetes.io/config.mirror';
export const CONFIG_HASH = 'kubernetes.io/config.hash';

/**
 * Pods of the manifests in a folder: they run without the server, which only gets to see mirrors of them.
 * Upstream: pkg/kubelet/config/file.go, pkg/kubelet/pod/mirror_client.go
 */
export class StaticPods {
  readonly #context: KubeletContext;
  readonly #path: string;
  readonly #changed: (pods: ReadonlyMap<string, Pod>) => void;
  /** By file: its text, so that unchanged files stay the same pods. */
  #files = new Map<string, { readonly text: string; readonly pod: Pod | undefined }>();
  #due = false;
  #stop: () => void = () => undefined;

  constructor(context: KubeletContext, path: string, changed: (pods: ReadonlyMap<string, Pod>) => void) {
    this.#context = context;
    this.#path = path;
    this.#changed = changed;
  }

  start(): void {
    this.#read();
    this.#stop = this.#context.fs.watch(this.#path, () => {
      if (this.#due) return;
      this.#due = true;
      this.#context.clock.setTimer(0, () => {
        this.#due = false;
        this.#read();
      });
    });
  }

  stop(): void {
    this.#stop();
  }

  #read(): void {
    const { fs } = this.#context;
    const listed = fs.readdir(this.#path);
    const files = new Map<string, { readonly text: string; readonly pod: Pod | undefined }>();
    for (const { name, type } of listed.ok ? listed.value : []) {
      if (type !== 'file' || name.startsWith('.')) continue;
      const text = fs.readText(`${this.#path}/${name}`);
      if (!text.ok) continue;
      const known = this.#files.get(name);
      files.set(name, known?.text === text.value ? known : { text: text.value, pod: this.#decode(text.value, name) });
    }
    this.#files = files;
    const pods = new Map<string, Pod>();
    for (const { pod } of files.values()) if (pod !== undefined) pods.set(pod.metadata.uid, pod);
    this.#changed(pods);
  }

  /** config/common.go applyDefaults: the name gets the node's, the uid is a hash of what was read. */
  #decode(text: string, file: string): Pod | undefined {
    const { config, clock } = this.#context;
    const source = parseManifest(text);
    if (typeof source !== 'object' || source === null || !('spec' in source)) return undefined;
    const draft = source as Pod;
    const { creationTimestamp: _, ...metadata } = draft.metadata;
    const hash = hash128(`${text}host:${config.nodeName}file:${this.#path}/${file}`);
    const { status: _status, ...rest } = draft;
    const whole: Pod = {
      ...rest,
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata,
        name: `${metadata.name}-${config.nodeName}`,
        namespace: metadata.namespace ?? 'default',
        uid: hash,
        resourceVersion: '',
        creationTimestamp: timeOf(clock.now),
        annotations: {
          ...metadata.annotations,
          [CONFIG_HASH]: hash,
          'kubernetes.io/config.seen': new Date(clock.now).toISOString().replace('Z', '000000Z'),
          'kubernetes.io/config.source': 'file',
        },
      },
      spec: {
        ...draft.spec,
        nodeName: config.nodeName,
        tolerations: [...(draft.spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
      },
      status: { phase: 'Pending' },
    };
    const full = podKind.defaults(whole);
    return { ...full, status: { ...full.status, qosClass: qosOf(full) } };
  }
}

/** Shows a static pod to the server, or brings its mirror up to date. True if it is there. */
export function ensureMirror({ client, config }: KubeletContext, pod: Pod): boolean {
  const { namespace, name, annotations, labels, uid } = pod.metadata;
  const hash = annotations?.[CONFIG_HASH] ?? '';
  const known = client.get(podKind, namespace, name);
  if (known !== undefined) {
    if (known.metadata.annotations?.[MIRROR] === hash && known.metadata.deletionTimestamp === undefined) return true;
    deleteMirror({ client, config } as KubeletContext, known);
  }
  const on = client.get(node, undefined, config.nodeName);
  if (on === undefined) return false;
  const made = client.create(podKind, {
    metadata: {
      name,
      namespace,
      ...(labels === undefined ? {} : { labels }),
      annotations: { ...annotations, [MIRROR]: hash },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: config.nodeName, uid: on.metadata.uid, controller: true },
      ],
    },
    spec: pod.spec,
  });
  return made.ok && uid !== '';
}

export function deleteMirror({ client }: KubeletContext, mirror: Pod): void {
  const { namespace, name, uid } = mirror.metadata;
  client.delete(podKind, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
}

/** v1helper/qos.ComputePodQOS */
function qosOf({ spec }: Pod): NonNullable<Pod['status']['qosClass']> {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  const asks = all.some(({ resources }) =>
    [resources?.requests, resources?.limits].some((map) => map?.['cpu'] !== undefined || map?.['memory'] !== undefined),
  );
  if (!asks) return 'BestEffort';
  const fixed = all.every(({ resources }) =>
    ['cpu', 'memory'].every((name) => {
      const limit = resources?.limits?.[name];
      return limit !== undefined && (resources?.requests?.[name] ?? limit) === limit;
    }),
  );
  return fixed ? 'Guaranteed' : 'Burstable';
}

/** Thirty-two hex digits that depend on every character: four rounds of FNV-1a with different bases (upstream takes MD5). */
function hash128(text: string): string {
  let digest = '';
  for (const basis of [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b]) {
    let hash = basis;
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    digest += (hash >>> 0).toString(16).padStart(8, '0');
  }
  return digest;
}
