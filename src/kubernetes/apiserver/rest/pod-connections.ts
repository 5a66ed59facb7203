import type { Response } from '../../../linux/net/http/message';
import { Headers } from '../../../linux/net/http/message';
import { node as nodeKind } from '../../api/core/node';
import { pod as podKind, type Pod } from '../../api/core/pod';
import { badRequest, notFound, serviceUnavailable, type Status } from '../../apimachinery/status';
import type { Routed } from './exchange';
import type { LogOptions } from './node-connections';
import { serveRemote } from './remote-command';
import { refuse } from './respond';

/** pods/log, exec, attach and portforward: the server passes them on to the kubelet of the pod's node. */
export async function podConnection(exchange: Routed): Promise<Response> {
  const { info, client, server } = exchange;
  const pod = client.get(podKind, info.namespace, info.name);
  if (pod === undefined) return refuse(notFound(podKind.names, info.name));

  if (info.subresource === 'portforward') {
    const where = location(exchange, pod);
    return where === undefined ? serveRemote(exchange, pod, '') : refuse(where);
  }
  const container = containerOf(pod, info.query.get('container') ?? '', info.subresource === 'log' ? 'logs' : 'exec');
  if ('status' in container) return refuse(container);
  if (info.subresource === 'log' && (pod.spec.nodeName ?? '') === '')
    // Not scheduled: there is nothing to show yet, and that is no error.
    return { status: 204, headers: new Headers({ 'Cache-Control': 'no-cache, private' }), body: new Uint8Array(0) };
  const where = location(exchange, pod);
  if (where !== undefined) return refuse(where);
  if (info.subresource !== 'log') return serveRemote(exchange, pod, container.name);

  const logs = await server.nodes?.logs(pod, logOptions(info.query, container.name));
  if (logs === undefined) return refuse(serviceUnavailable('no connection to the nodes'));
  if (!logs.ok) return refuse(logs.error);
  return {
    status: 200,
    headers: new Headers({ 'Cache-Control': 'no-cache, private', 'Content-Type': 'text/plain' }),
    body: logs.value,
  };
}

/** The container that is meant, or why it cannot be told: registry/core/pod/strategy.go LogLocation, streamLocation. */
function containerOf(pod: Pod, asked: string, what: 'logs' | 'exec'): { readonly name: string } | Status {
  const { name } = pod.metadata;
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const all = [...containers, ...initContainers, ...ephemeralContainers].map((each) => each.name);
  if (asked !== '')
    return all.includes(asked) ? { name: asked } : badRequest(`container ${asked} is not valid for pod ${name}`);
  const [only] = containers;
  if (containers.length === 1 && only !== undefined) return { name: only.name };
  if (what === 'exec' && only !== undefined) return { name: only.name };
  const names = containers.map((each) => each.name).join(' ');
  const init = initContainers.map((each) => each.name).join(' ');
  const of =
    init === '' ? `choose one of: [${names}]` : `choose one of: [${names}] or one of the init containers: [${init}]`;
  return badRequest(`a container name must be specified for pod ${name}, ${of}`);
}

/** The pod's node must be there to be asked. */
function location({ client }: Routed, pod: Pod): Status | undefined {
  const { nodeName = '' } = pod.spec;
  if (nodeName === '') return badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  // Upstream names the wrong resource here, and so do we.
  if (client.get(nodeKind, undefined, nodeName) === undefined) return notFound(podKind.names, nodeName);
  return undefined;
}

function logOptions(query: URLSearchParams, container: string): LogOptions {
  const number = (name: string): number | undefined => {
    const value = query.get(name);
    return value === null || value === '' ? undefined : Number(value);
  };
  const sinceSeconds = number('sinceSeconds');
  const tailLines = number('tailLines');
  const limitBytes = number('limitBytes');
  const sinceTime = query.get('sinceTime');
  return {
    container,
    follow: query.get('follow') === 'true',
    previous: query.get('previous') === 'true',
    timestamps: query.get('timestamps') === 'true',
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(sinceTime === null ? {} : { sinceTime }),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
  };
}
