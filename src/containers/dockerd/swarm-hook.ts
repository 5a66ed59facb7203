import type { Result } from '../../sim/result';
import type { Container } from './container';
import type { Refusal } from './network/drivers';
import type { Network, NetworkCreate } from './network/network';

/** What the engine asks of the swarm that its node is part of. Swarm mode itself (../swarm) is loaded when it is wanted. */
export interface SwarmHook {
  /** The header `Swarm` of a ping: `active/manager`. */
  readonly pingState: string;
  /** `Swarm` of `docker info`. */
  info(): object;
  /** A name as a container in the swarm's networks knows it. */
  addressesOf(container: Container, name: string): readonly string[] | undefined;
  createNetwork(request: NetworkCreate): Result<Network, Refusal>;
  removeNetwork(network: Network): Result<void, Refusal>;
  /** A container came to a network of the swarm. */
  plugged(): void;
}
