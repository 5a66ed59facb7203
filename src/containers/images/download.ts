import type { Clock } from '../../sim/clock';
import { latencies } from '../../sim/latencies';
import type { ImageLayer } from './layer';

/** How far one layer is, in the order in which it happens. */
/** How much is read at once. */
const CHUNK = 32_768;

export type LayerPhase = 'pulling' | 'waiting' | 'downloading' | 'verifying' | 'downloaded' | 'extracting' | 'complete';

/** What progress tells of a layer. */
interface Downloadable {
  readonly blobDigest: string;
  readonly compressedSize: number;
}

export interface LayerProgress<T extends Downloadable = ImageLayer> {
  readonly layer: T;
  readonly phase: LayerPhase;
  /** Bytes of the compressed layer. */
  readonly current?: number;
}

export interface DownloadOptions<T extends Downloadable> {
  readonly clock: Clock;
  /** Those that are not here yet, bottom up. */
  readonly layers: readonly T[];
  readonly progress?: (progress: LayerProgress<T>) => void;
  /** Brings a layer's bytes; default: they come at the speed of the internet. If it fails, nothing more is said. */
  readonly fetch?: (layer: T, report: (current: number) => void, done: () => void) => void;
  readonly unpack: (layer: T) => void;
  readonly done: () => void;
}

/** `max-concurrent-downloads` of dockerd and containerd. */
const STREAMS = 3;
/** Progress is reported as often as docker's progress reader does. */
const REPORT = 100;

/** Downloads layers, at most three at a time, and unpacks them bottom up as they arrive. */
export function download<T extends Downloadable>({
  clock,
  layers,
  progress = () => undefined,
  fetch = overInternet(clock),
  unpack,
  done,
}: DownloadOptions<T>): void {
  const waiting = [...layers];
  const arrived = new Set<T>();
  let unpacking = false;
  let unpacked = 0;

  for (const layer of layers) progress({ layer, phase: 'pulling' });
  for (const layer of layers.slice(STREAMS)) progress({ layer, phase: 'waiting' });
  if (layers.length === 0) {
    done();
    return;
  }

  const fetchNext = (): void => {
    const layer = waiting.shift();
    if (layer === undefined) return;
    const report = (current: number): void => progress({ layer, phase: 'downloading', current });
    fetch(layer, report, () => {
      progress({ layer, phase: 'verifying' });
      progress({ layer, phase: 'downloaded' });
      arrived.add(layer);
      fetchNext();
      unpackNext();
    });
  };

  const unpackNext = (): void => {
    const layer = layers[unpacked];
    if (layer === undefined || unpacking || !arrived.has(layer)) return;
    unpacking = true;
    const size = layer.compressedSize;
    progress({ layer, phase: 'extracting', current: Math.min(size, CHUNK) });
    clock.setTimer(size / latencies.unpackBytes, () => {
      progress({ layer, phase: 'extracting', current: size });
      // Once when all is read, and once at the end of the stream (pkg/progress, Reader).
      if (size > CHUNK) progress({ layer, phase: 'extracting', current: size });
      unpack(layer);
      progress({ layer, phase: 'complete' });
      unpacking = false;
      unpacked++;
      if (unpacked === layers.length) done();
      else unpackNext();
    });
  };

  for (let stream = 0; stream < STREAMS; stream++) fetchNext();
}

/** Nobody serves the public registries: their bytes take the time that they would. */
const overInternet =
  (clock: Clock) =>
  (layer: Downloadable, report: (current: number) => void, done: () => void): void => {
    const size = layer.compressedSize;
    const arrive = (current: number): void => {
      report(current);
      const left = size - current;
      if (left <= 0) {
        done();
        return;
      }
      const chunk = Math.min(left, latencies.registryBytes * REPORT);
      clock.setTimer(chunk / latencies.registryBytes, () => arrive(current + chunk));
    };
    const first = Math.min(size, 16_384);
    clock.setTimer(latencies.registryResolve / 3 + first / latencies.registryBytes, () => arrive(first));
  };
