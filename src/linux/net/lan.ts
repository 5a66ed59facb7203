import type { Clock } from '../../sim/clock';
import type { Device } from './link';
import type { Lan } from './types';

/** A switch of the lab. Finds cards by address, remembering who answered. */
export class Switch implements Lan {
  readonly cards = new Set<Device>();

  constructor(readonly name: string) {}
}

/** A switch: whoever has a card in it reaches the others' addresses. */
export const createLan = (name: string, _clock?: Clock): Lan => new Switch(name);
