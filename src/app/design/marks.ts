import type { PodView } from '../../world/protocol';

/** How a pod's state is shown: always a colour, a shape and a word together, never the colour alone. */
export interface Mark {
  readonly tone: 'good' | 'busy' | 'bad' | 'done';
  readonly shape: 'disc' | 'ring' | 'cross' | 'square';
  readonly word: string;
}

/** The shapes as letters, where there are too many for drawings. */
export const glyphs: Readonly<Record<Mark['shape'], string>> = { disc: '●', ring: '○', cross: '✕', square: '■' };

export function phaseMark(pod: PodView): Mark {
  if (pod.terminating) return { tone: 'busy', shape: 'ring', word: 'Terminating' };
  if (pod.phase === 'Succeeded') return { tone: 'done', shape: 'square', word: pod.status };
  if (pod.phase === 'Failed' || /Err|BackOff|Crash|Invalid|OOM/.test(pod.status))
    return { tone: 'bad', shape: 'cross', word: pod.status };
  if (pod.ready) return { tone: 'good', shape: 'disc', word: pod.status };
  return { tone: 'busy', shape: 'ring', word: pod.status };
}
