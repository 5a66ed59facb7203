import { request, type ClientResponse, type HttpFailure } from '../../../linux/net/http/client';
import { goFailureText } from '../../../linux/net/http/go-text';
import { Headers } from '../../../linux/net/http/message';
import { webSocketOver, webSocketRequest } from '../../../linux/net/http/websocket';
import { parseCertificates, parseKey } from '../../../linux/net/tls/certificate';
import type { TlsClientOptions } from '../../../linux/net/tls/connection';
import type { Process } from '../../../linux/process/types';
import { err, ok, type Result } from '../../../sim/result';
import type { ClientConfig } from './config';
import type { Connect, TransportError, TransportRequest } from './transport';

/** Requests over the simulated network: TCP, TLS, HTTP/1.1 and WebSockets. */
export const networkTransport: Connect = (process, config) => {
  const exchange = (
    { method, path, headers, body, timeout }: TransportRequest,
    more?: Headers,
  ): Promise<Result<ClientResponse, HttpFailure>> => {
    const fields = new Headers(headers);
    for (const [name, value] of more ?? []) fields.set(name, value);
    return request(process, {
      url: `${origin(config)}${path}`,
      method,
      headers: fields,
      tls: tlsOptions(process, config),
      ...(body === undefined ? {} : { body }),
      ...(timeout === undefined ? {} : { timeout }),
    });
  };
  return {
    async send(wanted) {
      const answer = await exchange(wanted);
      return answer.ok ? answer : err(failure(answer.error));
    },
    async upgrade(wanted) {
      const answer = await exchange(wanted, webSocketRequest(process.random, wanted.protocols));
      if (!answer.ok) return err(failure(answer.error));
      const { upgrade, headers } = answer.value;
      if (upgrade === undefined) return ok({ kind: 'response', response: answer.value });
      const socket = webSocketOver(upgrade(), process.random);
      return ok({
        kind: 'channel',
        channel: {
          protocol: headers.get('Sec-WebSocket-Protocol') ?? '',
          read: async () => (await socket.receive())?.bytes,
          write: (message) => socket.send(message),
          close: () => void socket.close(),
        },
      });
    },
  };
};

const failure = (problem: HttpFailure): TransportError => ({
  message: problem.kind === 'timeout' && problem.elapsed < 1 ? 'context deadline exceeded' : goFailureText(problem),
});

const origin = ({ server }: ClientConfig): string => server.replace(/^([a-z]+:\/\/[^/]*).*$/, '$1');

/** Where crypto/x509 looks first on Debian (root_linux.go). */
function systemRoots({ fs }: Process): string {
  const bundle = fs.readText('/etc/ssl/certs/ca-certificates.crt');
  return bundle.ok ? bundle.value : '';
}

function tlsOptions(
  process: Process,
  config: ClientConfig,
): Partial<TlsClientOptions> & Pick<TlsClientOptions, 'roots'> {
  const { certificateAuthority, clientCertificate, clientKey, insecure, tlsServerName } = config;
  const key = clientKey === undefined ? undefined : parseKey(clientKey);
  const chain = clientCertificate === undefined ? [] : parseCertificates(clientCertificate);
  return {
    roots: parseCertificates(certificateAuthority ?? systemRoots(process)),
    insecure,
    now: process.clock.now,
    ...(tlsServerName === '' ? {} : { serverName: tlsServerName }),
    ...(key === undefined || chain.length === 0 ? {} : { identity: { chain, key } }),
  };
}
