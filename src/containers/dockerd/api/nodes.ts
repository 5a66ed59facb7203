import type { Response } from '../../../linux/net/http/message';
import type { NodeSpec, SwarmNode } from '../../swarm/objects';
import { findIn, Refused } from '../../swarm/store';
import { checkVersion, filtered, swarmOf, tellSwarm } from './swarm-common';
import { json, noContent, readJson, type Call, type Route } from './respond';

function find(call: Call): SwarmNode {
  const { store, node } = swarmOf(call);
  const text = call.params[0] ?? '';
  const found = text === 'self' ? node : findIn(store.nodes, text, ({ Description }) => Description.Hostname);
  if (found === undefined) throw new Refused(404, `node ${text} not found`);
  return found;
}

const list = (call: Call): Response =>
  json(
    filtered(
      call,
      swarmOf(call).store.nodes.values(),
      {
        name: ({ Description }, value) => Description.Hostname.startsWith(value),
        role: ({ Spec }, value) => Spec.Role === value,
        membership: (_, value) => value === 'accepted',
        'node.label': ({ Spec }, value) => {
          const [key = '', wanted] = value.split('=');
          return Spec.Labels[key] !== undefined && (wanted === undefined || Spec.Labels[key] === wanted);
        },
      },
      ({ Description }) => Description.Engine.Labels ?? {},
    ),
  );

async function update(call: Call): Promise<Response> {
  const { store } = swarmOf(call);
  const node = find(call);
  const spec = await readJson<NodeSpec>(call);
  checkVersion(call, node);
  if (spec === undefined) return noContent(200);
  if (!['active', 'pause', 'drain'].includes(spec.Availability))
    throw new Refused(400, `invalid Availability: ${JSON.stringify(spec.Availability)}`);
  if (spec.Role !== 'manager')
    throw new Refused(
      400,
      'rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm',
    );
  const before = node.Spec;
  node.Spec = { ...spec, Labels: spec.Labels };
  store.touch(node);
  const changed =
    before.Availability === spec.Availability
      ? {}
      : { 'availability.old': before.Availability, 'availability.new': spec.Availability };
  tellSwarm(call, 'node', 'update', node.ID, { name: node.Description.Hostname, ...changed });
  return noContent(200);
}

function remove(call: Call): Response {
  const { ID } = find(call);
  const member = `node ${ID} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal`;
  throw new Refused(400, `rpc error: code = FailedPrecondition desc = ${member}`);
}

export const nodeRoutes: readonly Route[] = [
  ['GET', /^\/nodes$/, list],
  ['GET', /^\/nodes\/([^/]+)$/, (call) => json(find(call))],
  ['POST', /^\/nodes\/([^/]+)\/update$/, update],
  ['DELETE', /^\/nodes\/([^/]+)$/, remove],
];
