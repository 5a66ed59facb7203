import { latencies } from '../../sim/latencies';
import type { Device } from './link';
import type { Lan } from './types';

/** A switch of the lab. Finds cards by address, remembering who answered. */
export class Switch implements Lan {
  readonly cards = new Set<Device>();

  constructor(
    readonly name: string,
    /** One way between two cards. Virtual milliseconds. */
    readonly delay: number,
  ) {}
}

/** A switch: whoever has a card in it reaches the others' addresses. */
export const createLan = (name: string, delay: number = latencies.lan): Lan => new Switch(name, delay);
