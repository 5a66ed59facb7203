import { decode } from '../../io/bytes';
import type { TlsFailure } from './connection';
import { goVerifyText } from './verify';

/** What crypto/tls says of a failed handshake, seen by a Go client. */
export function goTlsText(failure: TlsFailure): string {
  switch (failure.kind) {
    case 'verify':
      return `tls: failed to verify certificate: ${goVerifyText(failure.failure)}`;
    case 'alert':
      return `remote error: tls: ${failure.alert}`;
    case 'not-tls':
      return decode(failure.head).startsWith('HTTP/')
        ? 'http: server gave HTTP response to HTTPS client'
        : 'tls: first record does not look like a TLS handshake';
    case 'eof':
      return 'EOF';
    case 'errno':
      return `read: ${failure.error.message.toLowerCase()}`;
  }
}
