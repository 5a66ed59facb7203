import { Headers, type RequestContext } from '../src/linux/net/http/message';
import { decodeProtobuf } from './protobuf/decode';
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
