import { Headers, type Handler, type RequestContext } from '../src/linux/net/http/message';
import { decodeProtobuf } from './protobuf/decode';
import { encodeOpenapiV2, openapiV2Types } from './protobuf/openapi-v2';
import type { Incoming } from './serve';

const protobuf = 'application/vnd.kubernetes.protobuf';

/** Makes of what real clients send what the world's apiserver understands: the bridge's own token, protobuf bodies. */
export function translator(token: string, admin: NonNullable<RequestContext['peer']>) {
  return ({ request, peer }: Incoming): Incoming => {
    const headers = new Headers();
    for (const [name, value] of request.headers) headers.set(name, value);
    let who = peer;
    if (headers.get('Authorization') === `Bearer ${token}`) {
      headers.delete('Authorization');
      who ??= admin;
    }
    const { body } = request;
    if (!(body instanceof Uint8Array) || !(headers.get('Content-Type') ?? '').startsWith(protobuf)) {
      return { request: { ...request, headers }, peer: who };
    }
    headers.set('Content-Type', 'application/json');
    return { request: { ...request, headers, body: jsonOf(body) }, peer: who };
  };
}

function jsonOf(body: Uint8Array): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(decodeProtobuf(body)));
  } catch {
    // The apiserver says what is wrong with it.
    return body;
  }
}

/** A handler whose OpenAPI v2 document can be had as the message that typed clients ask for, too. */
export const withOpenapiMessages =
  (handler: Handler): Handler =>
  async (request, context) => {
    const { url, headers } = request;
    if (!/^\/openapi\/v2(\?|$)/.test(url) || !(headers.get('Accept') ?? '').startsWith(openapiV2Types.asked))
      return handler(request, context);
    const asked = new Headers();
    for (const [name, value] of headers) asked.set(name, name.toLowerCase() === 'accept' ? 'application/json' : value);
    const answer = await handler({ ...request, headers: asked }, context);
    if (answer.status !== 200 || !(answer.body instanceof Uint8Array)) return answer;
    const body = encodeOpenapiV2(JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>);
    const told = new Headers();
    for (const [name, value] of answer.headers) if (name.toLowerCase() !== 'content-length') told.set(name, value);
    told.set('Content-Type', openapiV2Types.answered);
    return { ...answer, headers: told, body };
  };
