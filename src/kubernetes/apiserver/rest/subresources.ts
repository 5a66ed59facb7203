import type { Response } from '../../../linux/net/http/message';
import { podEphemeralContainers, podResize } from '../../api/core/pod-parts';
import { csrApproval } from '../../api/certificates/csr-approval';
import { namespace as namespaceKind, type Namespace } from '../../api/core/namespace';
import { failure, invalid } from '../../apimachinery/status';
import { admitConnection } from './connect';
import { bodyObject, decodeObject, isJson } from './decode';
import { evict } from './eviction';
import type { Routed } from './exchange';
import { patch } from './patch';
import { podConnection } from './pod-connections';
import { proxy } from './proxy';
import { answerObject, get } from './read';
import { answer, refuse, type SuccessStatus } from './respond';
import { scale } from './scale';
import { requestToken } from './token-request';
import { update } from './write';

const noSuchMethod = {
  ...failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'),
  details: {},
};

/** …/NAME/SUBRESOURCE, but for status; undefined: the kind has no such part. */
export function subresource(exchange: Routed): Response | Promise<Response> | undefined {
  const { kind, info } = exchange;
  const { verb } = info;
  if (info.subresource === 'scale' && kind.scale !== undefined)
    return verb === 'get' || verb === 'update' || verb === 'patch' ? scale(exchange) : refuse(noSuchMethod);
  switch (`${kind.resource}/${info.subresource}`) {
    case 'pods/binding':
      return verb === 'create' ? binding(exchange) : refuse(noSuchMethod);
    case 'pods/eviction':
      return verb === 'create' ? evict(exchange) : refuse(noSuchMethod);
    case 'pods/ephemeralcontainers':
      return part({ ...exchange, kind: podEphemeralContainers });
    case 'certificatesigningrequests.certificates.k8s.io/approval':
      return part({ ...exchange, kind: csrApproval });
    case 'pods/resize':
      return part({ ...exchange, kind: podResize });
    case 'pods/log':
      return podConnection(exchange);
    case 'pods/exec':
    case 'pods/attach':
    case 'pods/portforward': {
      const refusal = admitConnection(exchange);
      return refusal === undefined ? podConnection(exchange) : refuse(refusal);
    }
    case 'nodes/proxy':
    case 'pods/proxy':
    case 'services/proxy':
      return proxy(exchange);
    case 'namespaces/finalize':
      return verb === 'update' ? finalize(exchange) : refuse(noSuchMethod);
    case 'serviceaccounts/token':
      return verb === 'create' ? requestToken(exchange) : refuse(noSuchMethod);
    default:
      return undefined;
  }
}

/** A pod through a door of its own. */
const part = (exchange: Routed): Response | Promise<Response> => {
  const { verb } = exchange.info;
  if (verb === 'get') return get(exchange);
  return verb === 'update' ? update(exchange) : verb === 'patch' ? patch(exchange) : refuse(noSuchMethod);
};

const success: SuccessStatus = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** A pod gets its node, by pods/NAME/binding or by a Binding of its name. */
export function binding(exchange: Routed): Response {
  const { info, client, negotiated } = exchange;
  const body = bodyObject(exchange);
  if (!body.ok) return refuse(body.error);
  const target = body.value?.['target'];
  const metadata = body.value?.['metadata'];
  const own = isJson(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  const pod = info.name === '' ? own : info.name;
  const node = isJson(target) ? target['name'] : undefined;
  if (typeof node !== 'string' || node === '')
    return refuse(
      invalid('', 'Binding', pod, [{ reason: 'FieldValueRequired', message: 'Required value', field: 'target.name' }]),
    );
  const uid = isJson(metadata) && typeof metadata['uid'] === 'string' ? metadata['uid'] : undefined;
  const bound = client.bind(info.namespace ?? '', pod, node, uid);
  return bound.ok ? answer(201, success, negotiated.format) : refuse(bound.error);
}

function finalize(exchange: Routed): Response {
  const { info, client } = exchange;
  const decoded = decodeObject(exchange, namespaceKind);
  if (!decoded.ok) return refuse(decoded.error);
  const wanted = decoded.value as Namespace;
  const done = client.finalizeNamespace(info.name, wanted.spec?.finalizers ?? []);
  return done.ok ? answerObject(exchange, 200, done.value) : refuse(done.error);
}
