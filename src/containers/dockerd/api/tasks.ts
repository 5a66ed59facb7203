import type { Response } from '../../../linux/net/http/message';
import type { Task } from '../../swarm/objects';
import { isDirty, slotName } from '../../swarm/orchestrator/task';
import { findIn, Refused } from '../../swarm/store';
import type { Swarm } from '../../swarm/swarm';
import { goTimestamp } from '../../shim/timestamp';
import { filtered, swarmOf } from './swarm-common';
import { json, type Call, type Route } from './respond';

/** A task as the API shows it, with the networks it is in. */
function taskJson({ networks }: Swarm, task: Task): object {
  const { attachments, made: _made, createdMs: _at, since: _since, final: _final, ...rest } = task;
  const { ID, Version, CreatedAt, UpdatedAt, Labels, Spec, ServiceID, Slot, NodeID, Status, DesiredState } = rest;
  const { Timestamp, State, Message, Err, PortStatus, ...more } = Status;
  const NetworksAttachments = attachments.flatMap(({ NetworkID, Addresses }) => {
    const network = networks.overlay(NetworkID)?.network;
    if (network === undefined) return [];
    const at = goTimestamp(network.createdAt);
    const [config] = network.ipam.config;
    return [
      {
        Network: {
          ID: NetworkID,
          Version: { Index: 3 },
          CreatedAt: at,
          UpdatedAt: at,
          Spec: {
            Name: network.name,
            Labels: network.labels,
            DriverConfiguration: network.ingress === true ? {} : { Name: 'overlay' },
            ...(network.ingress === true ? { Ingress: true } : {}),
            ...(network.attachable ? { Attachable: true } : {}),
            IPAMOptions: { Driver: network.ingress === true ? {} : { Name: 'default' } },
            Scope: 'swarm',
          },
          DriverState: { Name: 'overlay', Options: network.options },
          IPAMOptions: { Driver: { Name: 'default' }, Configs: [{ Subnet: config?.Subnet, Gateway: config?.Gateway }] },
        },
        Addresses,
      },
    ];
  });
  return {
    ID,
    Version,
    CreatedAt,
    UpdatedAt,
    Labels,
    Spec,
    ServiceID,
    ...(Slot === undefined ? {} : { Slot }),
    ...(NodeID === undefined ? {} : { NodeID }),
    Status: { Timestamp, State, Message, ...(Err === undefined ? {} : { Err }), ...more, PortStatus },
    DesiredState,
    ...(NetworksAttachments.length === 0 ? {} : { NetworksAttachments }),
    ...(task.JobIteration === undefined ? {} : { JobIteration: task.JobIteration }),
    Volumes: null,
  };
}

const nameOf = ({ store }: Swarm, task: Task): string =>
  `${slotName(store.services.get(task.ServiceID)?.Spec.Name ?? '', task)}.${task.ID}`;

function list(call: Call): Response {
  const swarm = swarmOf(call);
  const { store, node } = swarm;
  const isService = (task: Task, value: string): boolean =>
    task.ServiceID === value || store.services.get(task.ServiceID)?.Spec.Name === value;
  const tasks = filtered(
    call,
    store.tasks.values(),
    {
      service: isService,
      name: (task, value) => nameOf(swarm, task).startsWith(value),
      node: ({ NodeID = '' }, value) =>
        NodeID !== '' && (NodeID.startsWith(value) || value === node.Description.Hostname || value === 'self'),
      'desired-state': ({ DesiredState }, value) =>
        value === 'running'
          ? ['running', 'ready', 'new', 'pending'].includes(DesiredState)
          : value === 'accepted'
            ? DesiredState === 'ready'
            : DesiredState === value || (value === 'shutdown' && DesiredState === 'remove'),
      '_up-to-date': (task, value) => {
        const service = store.services.get(task.ServiceID);
        return service !== undefined && !isDirty(service, task) === (value === 'true' || value === '1');
      },
      runtime: (_, value) => value === 'container',
    },
    ({ Spec }) => Spec.ContainerSpec?.Labels ?? {},
  );
  return json([...tasks].sort((a, b) => (a.ID < b.ID ? -1 : 1)).map((task) => taskJson(swarm, task)));
}

function inspect(call: Call): Response {
  const swarm = swarmOf(call);
  const text = call.params[0] ?? '';
  const task = findIn(swarm.store.tasks, text, (one) => nameOf(swarm, one));
  if (task === undefined) throw new Refused(404, `task ${text} not found`);
  return json(taskJson(swarm, task));
}

export const taskRoutes: readonly Route[] = [
  ['GET', /^\/tasks$/, list],
  ['GET', /^\/tasks\/([^/]+)$/, inspect],
];
