import type { Errno } from '../../errno';
import { goResolveText } from '../dns/resolve';
import { goTlsText } from '../tls/texts';
import type { Endpoint } from '../types';
import type { HttpFailure } from './client';

const text = (to: Endpoint | string): string => (typeof to === 'string' ? to : `${to.address}:${to.port}`);

/** syscall.Errno's text: strerror in lower case. */
export const goErrnoText = (error: Errno): string => error.message.charAt(0).toLowerCase() + error.message.slice(1);

/**
 * What net/http's client says of a failure, without the `Get "https://…": ` in front (see `goUrlError`): kubectl, docker,
 * kubelet's probes and the API server print it.
 */
export function goFailureText(failure: HttpFailure): string {
  switch (failure.kind) {
    case 'url':
      return failure.problem === 'scheme'
        ? `unsupported protocol scheme "${failure.url}"`
        : failure.problem === 'no-host'
          ? 'http: no Host in request URL'
          : `parse "${failure.url}": invalid URL`;
    case 'dns':
      return `dial tcp: ${goResolveText(failure.error)}`;
    case 'connect':
      return typeof failure.to === 'string'
        ? `dial unix ${failure.to}: connect: ${goErrnoText(failure.error)}`
        : `dial tcp ${text(failure.to)}: connect: ${goErrnoText(failure.error)}`;
    case 'timeout':
      return failure.phase === 'connect'
        ? `dial tcp ${text(failure.to)}: i/o timeout`
        : 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
    case 'tls':
      return goTlsText(failure.error);
    case 'alert':
      return `remote error: tls: ${failure.alert}`;
    case 'broken':
      return `${failure.during} tcp ${text(failure.local)}->${text(failure.remote)}: ${failure.during}: ${goErrnoText(failure.error)}`;
    case 'empty':
      return 'EOF';
    case 'malformed':
      return failure.head.charCodeAt(0) === 0x15
        ? `net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02"`
        : `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(failure.head)}`;
  }
}

/** url.Error: `Get "http://10.244.1.3:80/": dial tcp …`. */
export const goUrlError = (method: string, url: string, failure: HttpFailure): string =>
  `${method.charAt(0)}${method.slice(1).toLowerCase()} "${url}": ${goFailureText(failure)}`;
