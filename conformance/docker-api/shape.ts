import { normalise } from '../docker/normalise';

/** Keys that are names of things: the shape of what is below counts, not how they are called. */
const named =
  /^(Labels|Networks|EndpointsConfig|Containers|Options|DriverOpts|ExposedPorts|Ports|PortBindings|Volumes|stats|networks|Runtimes|IndexConfigs|Attributes|Annotations|Sysctls|Tmpfs|Config|Data|GenericResources)$/;

/** The recordings' host had control groups of version 1, which have more; here they are of version 2. */
const ofKernel = new Set(['OomKillDisable', 'KernelMemoryTCP', 'KernelMemory', 'percpu_usage', 'max_usage']);

/**
 * The keys and types of a JSON value: lists are the sorted set of what is in them; objects whose keys are names, too.
 */
export function shapeOf(value: unknown, key = ''): unknown {
  if (value === null) return 'null';
  if (Array.isArray(value)) return { list: setOf(value.map((item) => shapeOf(item))) };
  if (typeof value !== 'object') return typeof value;
  const entries = Object.entries(value).filter(([name]) => !ofKernel.has(name));
  if (named.test(key) && !('Cmd' in value)) return { map: setOf(entries.map(([, item]) => shapeOf(item))) };
  return Object.fromEntries(entries.map(([name, item]) => [name, shapeOf(item, name)]));
}

function setOf(shapes: readonly unknown[]): readonly unknown[] {
  const seen = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]));
  return [...seen.keys()].toSorted().map((text) => seen.get(text));
}

/** The shape of a text that is one JSON value, or several (a stream); undefined if it is none. */
export function shapeOfText(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return shapeOf(JSON.parse(text));
  } catch {
    try {
      const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
      return { list: setOf(lines.map((line) => shapeOf(JSON.parse(line)))) };
    } catch {
      return 'text';
    }
  }
}

/** A request line whose ids, times and ports are no longer its own. */
export const plainLine = (line: string): string =>
  normalise(decodeURIComponent(line.replace(/%(?![0-9A-Fa-f]{2})/g, '%25')))
    .replace(/\b1[67]\d{8}(?:\.\d+)?\b/g, '<INSTANT>')
    .replace(/<ID12>|<ID64>/g, '<ID>');

/** A request's body as one can compare it: with the order of its keys. */
export function plainBody(text: string): string {
  try {
    return normalise(JSON.stringify(JSON.parse(text), null, 1));
  } catch {
    return text === '' ? '' : `<${String(text.length > 0)}>`;
  }
}
