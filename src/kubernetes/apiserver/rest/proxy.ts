import { encode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import { err, ok, type Result } from '../../../sim/result';
import { endpoints } from '../../api/core/endpoints';
import { node as nodeKind } from '../../api/core/node';
import { pod as podKind } from '../../api/core/pod';
import { service as serviceKind } from '../../api/core/service';
import { badRequest, notFound, serviceUnavailable, type Status } from '../../apimachinery/status';
import type { Routed } from './exchange';
import { forward } from './forward';
import { refuse } from './respond';

interface Asked {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** utilnet.SplitSchemeNamePort: `name`, `name:port` or `scheme:name:port`. */
function askedOf(id: string): Asked | undefined {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length < 3 ? ['', ...parts] : parts;
  return parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme)
    ? undefined
    : { scheme: scheme === '' ? 'http' : scheme, name, port };
}

/** nodes/proxy, pods/proxy and services/proxy: the server passes the request on (ResourceLocation of each). */
export async function proxy(exchange: Routed): Promise<Response> {
  const { kind, info } = exchange;
  const asked = askedOf(info.name);
  if (asked === undefined)
    return refuse(badRequest(`invalid ${kind.names.kind.toLowerCase()} request ${JSON.stringify(info.name)}`));
  const found = places[kind.resource]?.(exchange, asked);
  if (found === undefined) return refuse(badRequest('address not allowed'));
  if (!found.ok) return refuse(found.error);
  // As it was written, not as it was understood: `/api/v1/nodes/NAME/proxy`, or with the namespace before.
  const rest = info.path.split('/').slice(kind.namespaced ? 8 : 6);
  if (rest.length === 0 && (info.method === 'GET' || info.method === 'HEAD')) return redirected(exchange);
  const search = exchange.request.url.slice(info.path.length);
  const url = `${found.value}/${rest.join('/')}${search}`;
  const as = kind.resource === nodeKind.resource ? ({ as: 'kubelet-client' } as const) : {};
  const answered = await forward(exchange, { url, insecure: true, ...as });
  return answered.ok ? answered.value : refuse(answered.error);
}

/** proxyRedirectsforRootPath: relative links need the slash. */
function redirected({ info, request }: Routed): Response {
  const location = `${info.path}/${request.url.slice(info.path.length)}`;
  const body = encode(info.method === 'GET' ? `<a href="${location}">Moved Permanently</a>.\n\n` : '');
  const headers = { Location: location, 'Content-Type': 'text/html; charset=utf-8' };
  return { status: 301, headers: new Headers({ ...headers, 'Content-Length': String(body.length) }), body };
}

type Place = (exchange: Routed, asked: Asked) => Result<string, Status>;

const places: Readonly<Record<string, Place>> = {
  pods: ({ client, info }, { scheme, name, port }) => {
    const found = client.get(podKind, info.namespace, name);
    if (found === undefined) return err(notFound(podKind.names, name));
    const first = found.spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
    const chosen = port === '' ? first : port;
    const { podIP = '' } = found.status;
    if (podIP === '') return err(badRequest('address not allowed'));
    return ok(`${scheme}://${podIP}${chosen === undefined ? '' : `:${chosen}`}`);
  },
  services: ({ client, info, server }, { scheme, name, port }) => {
    let portName = port;
    if (/^\d+$/.test(port)) {
      const found = client.get(serviceKind, info.namespace, name);
      if (found === undefined) return err(notFound(serviceKind.names, name));
      const listed = (found.spec.ports ?? []).find((each) => each.port === Number(port));
      if (listed === undefined)
        return err(serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`));
      portName = listed.name ?? '';
    }
    const ends = client.get(endpoints, info.namespace, name);
    if (ends === undefined) return err(notFound(endpoints.names, name));
    const none = err(serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`));
    for (const { addresses = [], ports = [] } of ends.subsets ?? []) {
      const listed = ports.find((each) => (each.name ?? '') === portName);
      // Only to pods: what else stands there may be anything (isValidAddress).
      const usable = addresses.filter(({ targetRef }) => targetRef?.kind === 'Pod');
      const chosen = usable[usable.length < 2 ? 0 : server.random.below(usable.length)];
      if (listed !== undefined && chosen !== undefined) return ok(`${scheme}://${chosen.ip}:${listed.port}`);
    }
    return none;
  },
  nodes: ({ client }, { scheme, name, port }) => {
    const found = client.get(nodeKind, undefined, name);
    if (found === undefined) return err(notFound(nodeKind.names, name));
    const { addresses = [], daemonEndpoints } = found.status;
    const address = addresses.find(({ type }) => type === 'InternalIP')?.address ?? name;
    const own = String(daemonEndpoints?.kubeletEndpoint?.Port ?? 10250);
    return ok(port === '' || port === own ? `https://${address}:${own}` : `${scheme}://${address}:${port}`);
  },
};
