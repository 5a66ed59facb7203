import { windowsEngine } from '../../containers/windows/system';
import { windowsTrace } from '../../containers/windows/trace';
import type { Process } from '../../linux/process/types';
import type { HostPlan, Topology } from '../topology';
import { windowsPipe } from './contexts';
import type { DesktopOptions, MachineEngine } from './desktop';
import { forwardPort } from './forward-port';
import type { Made } from './linux-machine';

const plan: HostPlan = {
  name: 'windows',
  address: '127.0.0.1',
  roles: ['workstation'],
  cpus: 4,
  memory: 17_179_398_144,
};

const wired: Topology = { name: 'windows', hosts: [plan], prefix: 24, network: '172.30.0.0', prompt: 'C:\\> ' };

/** Windows itself, whose kernel runs Windows containers beside its own processes. */
export function windowsMachine(backend: Process, options: DesktopOptions): Made {
  const host = options.makeHost(plan, wired, windowsTrace(backend.trace));
  host.net.setUp('lo', true);
  const engine: MachineEngine = {
    build: windowsEngine,
    expose: (port) => forwardPort(backend, host, port),
  };
  const hop = {
    argv: ['dockerd.exe', '--run-service'],
    actor: 'npfs',
    from: windowsPipe,
    over: '\\\\.\\pipe\\docker_engine',
    to: 'dockerd.exe',
  };
  return { plan, host, engine, hop };
}
