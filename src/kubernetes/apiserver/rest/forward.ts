import { readBody } from '../../../linux/net/http/codec';
import { Headers, type Response } from '../../../linux/net/http/message';
import { serviceUnavailable, type Status } from '../../apimachinery/status';
import { err, ok, type Result } from '../../../sim/result';
import type { OutgoingRequest } from '../network';
import type { Exchange } from './exchange';
import { isTrue } from './request-info';

/** What is between two neighbours and goes no further (RFC 9110 §7.6.1), and what the server has used up itself. */
const dropped: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'host',
  'authorization',
]);
/** What only the server itself may say to others. */
const own = /^(?:x-remote-(?:user|uid|group|extra-.*)|impersonate-.*)$/;

type Destination = Pick<OutgoingRequest, 'url' | 'service' | 'caBundle' | 'insecure' | 'as'>;

/** Passes a request on as it came, with `headers` besides, and its answer back. */
export async function forward(
  { request, body, server, info, context }: Exchange,
  to: Destination,
  headers = new Headers(),
): Promise<Result<Response, Status>> {
  const unreachable = (why: string) => err(serviceUnavailable(`error trying to reach service: ${why}`));
  if (server.network === undefined) return unreachable('no route to host');
  for (const [key, value] of request.headers) {
    const name = key.toLowerCase();
    if (!dropped.has(name) && !own.test(name)) headers.add(key, value);
  }
  headers.set('X-Forwarded-For', context.remote);
  headers.set('X-Forwarded-Proto', 'https');
  const { method } = request;
  const response = await server.network.request({ ...to, method, headers, ...(body.length === 0 ? {} : { body }) });
  if (!response.ok) return unreachable(response.error);
  const answered = new Headers();
  for (const [key, value] of response.value.headers) if (!dropped.has(key.toLowerCase())) answered.add(key, value);
  // Watches and followed logs go on; all else comes whole.
  const streams = info.verb === 'watch' || isTrue(info.query.get('follow'));
  const whole = streams ? response.value.body : await readBody(response.value.body);
  if (whole instanceof Uint8Array) answered.set('Content-Length', String(whole.length));
  return ok({ status: response.value.status, headers: answered, body: whole });
}
