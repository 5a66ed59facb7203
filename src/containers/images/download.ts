import type { Clock } from '../../sim/clock';
import { latencies } from '../../sim/latencies';
import type { ImageLayer } from './layer';

/** How far one layer is, in the order in which it happens. */
export type LayerPhase = 'pulling' | 'waiting' | 'downloading' | 'verifying' | 'downloaded' | 'extracting' | 'complete';

export interface LayerProgress {
  readonly layer: ImageLayer;
  readonly phase: LayerPhase;
  /** Bytes of the compressed layer. */
  readonly current?: number;
}

export interface DownloadOptions {
  readonly clock: Clock;
  /** Those that are not here yet, bottom up. */
  readonly layers: readonly ImageLayer[];
  readonly progress?: (progress: LayerProgress) => void;
  readonly unpack: (layer: ImageLayer) => void;
  readonly done: () => void;
}

/** `max-concurrent-downloads` of dockerd and containerd. */
const STREAMS = 3;
/** Progress is reported as often as docker's progress reader does. */
const REPORT = 100;

/** Downloads layers, at most three at a time, and unpacks them bottom up as they arrive. */
export function download({ clock, layers, progress = () => undefined, unpack, done }: DownloadOptions): void {
  const waiting = [...layers];
  const arrived = new Set<ImageLayer>();
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
    const size = layer.compressedSize;
    const report = (current: number): void => {
      progress({ layer, phase: 'downloading', current });
      const left = size - current;
      if (left > 0) {
        const chunk = Math.min(left, latencies.registryBytes * REPORT);
        clock.setTimer(chunk / latencies.registryBytes, () => report(current + chunk));
        return;
      }
      progress({ layer, phase: 'verifying' });
      progress({ layer, phase: 'downloaded' });
      arrived.add(layer);
      fetchNext();
      unpackNext();
    };
    const first = Math.min(size, 16_384);
    clock.setTimer(latencies.registryResolve / 3 + first / latencies.registryBytes, () => report(first));
  };

  const unpackNext = (): void => {
    const layer = layers[unpacked];
    if (layer === undefined || unpacking || !arrived.has(layer)) return;
    unpacking = true;
    const size = layer.compressedSize;
    progress({ layer, phase: 'extracting', current: Math.min(size, 32_768) });
    clock.setTimer(size / latencies.unpackBytes, () => {
      progress({ layer, phase: 'extracting', current: size });
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
