/** What one container, or a whole node, has used until a moment. */
export interface Point {
  /** Virtual milliseconds. */
  readonly at: number;
  /** Cumulative CPU seconds. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
  readonly started: number;
}

export interface Scraped {
  readonly node: Point | undefined;
  /** By `namespace/pod`, then by container. */
  readonly pods: ReadonlyMap<string, ReadonlyMap<string, Point>>;
}

/** No sane kubelet has more to say. */
const mostLines = 100_000;
const sample = /^(\w+)(?:\{([^}]*)\})? (\S+)(?: (\d+))?$/;

/** Reads /metrics/resource (pkg/scraper/client/resource/decode.go). */
export function decodeResource(text: string, now: number): Scraped {
  const node = { cpu: NaN, memory: NaN, at: now };
  const pods = new Map<string, Map<string, { cpu: number; memory: number; started: number; at: number }>>();
  for (const line of text.split('\n', mostLines)) {
    const found = sample.exec(line);
    if (found === null) continue;
    const [, name = '', labels = '', value = '', at] = found;
    const number = Number(value);
    const time = at === undefined ? now : Number(at);
    if (name === 'node_cpu_usage_seconds_total') Object.assign(node, { cpu: number, at: time });
    else if (name === 'node_memory_working_set_bytes') node.memory = number;
    if (!name.startsWith('container_')) continue;
    const of = (label: string): string => new RegExp(`(?:^|,)${label}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const key = `${of('namespace')}/${of('pod')}`;
    const containers = pods.get(key) ?? new Map<string, { cpu: number; memory: number; started: number; at: number }>();
    pods.set(key, containers);
    const container = containers.get(of('container')) ?? { cpu: NaN, memory: NaN, started: 0, at: time };
    containers.set(of('container'), container);
    if (name === 'container_cpu_usage_seconds_total') Object.assign(container, { cpu: number, at: time });
    else if (name === 'container_memory_working_set_bytes') container.memory = number;
    else if (name === 'container_start_time_seconds') container.started = number;
  }
  return {
    node: Number.isNaN(node.cpu) || Number.isNaN(node.memory) ? undefined : { ...node, started: 0 },
    pods,
  };
}
