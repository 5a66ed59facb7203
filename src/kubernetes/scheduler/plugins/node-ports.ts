import { unschedulable, type Plugin } from '../framework';
import type { HostPort } from '../node-info';

const rejection = unschedulable("node(s) didn't have free ports for the requested pod ports");

/** Two pods of a node cannot have the same host port. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  weight: 0,
  filter({ hostPorts }) {
    if (hostPorts.length === 0) return undefined;
    return ({ usedPorts }) => {
      for (const used of usedPorts.values()) if (hostPorts.some((port) => conflict(port, used))) return rejection;
      return undefined;
    };
  },
};

const conflict = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0');
