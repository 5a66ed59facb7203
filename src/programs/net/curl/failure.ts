import type { HttpFailure } from '../../../linux/net/http/client';
import { opensslVerifyText } from '../../../linux/net/tls/verify';

/** curl's exit code and message (`curl: (7) …`). */
export interface CurlError {
  readonly code: number;
  readonly message: string;
}

const isAddress = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(text);

/** More lines that the tool prints after error 60 (src/tool_operate.c). */
export const untrusted = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the webpage mentioned above.
`;

/** lib/strerror.c and the failf() texts of the places where transfers end. */
export function curlError(failure: HttpFailure, port: number, maxTime: number | undefined): CurlError {
  switch (failure.kind) {
    case 'url':
      switch (failure.problem) {
        case 'scheme':
          return { code: 1, message: `Protocol "${failure.url}" not supported` };
        case 'no-host':
          return { code: 3, message: 'URL rejected: No host part in the URL' };
        case 'bad-port':
          return { code: 3, message: 'URL rejected: Port number was not a decimal number between 0 and 65535' };
        case 'malformed':
          return { code: 3, message: 'URL rejected: Malformed input to a URL function' };
      }
      break;
    case 'dns':
      return { code: 6, message: `Could not resolve host: ${failure.host}` };
    case 'connect':
      if (typeof failure.to === 'string') {
        return {
          code: 7,
          message: `Failed to connect to ${failure.host} port ${port} via ${failure.to} after 0 ms: Could not connect to server`,
        };
      }
      return {
        code: failure.error.code === 'ETIMEDOUT' ? 28 : 7,
        message: `Failed to connect to ${failure.host} port ${port} after ${Math.round(failure.elapsed)} ms: Could not connect to server`,
      };
    case 'timeout': {
      const elapsed = Math.round(failure.elapsed) + 1;
      if (failure.phase === 'connect') {
        return {
          code: 28,
          message:
            typeof failure.to === 'string'
              ? `Resolving timed out after ${elapsed} milliseconds`
              : `Connection timed out after ${elapsed} milliseconds`,
        };
      }
      return {
        code: 28,
        message: `Operation timed out after ${(maxTime ?? failure.elapsed) + 1} milliseconds with 0 bytes received`,
      };
    }
    case 'tls':
      return tlsError(failure);
    case 'alert':
      return { code: 56, message: `OpenSSL SSL_read: OpenSSL/3.5.1: error:${alertCode(failure.alert)}, errno 0` };
    case 'broken':
      return failure.during === 'write'
        ? { code: 55, message: `Send failure: ${failure.error.message}` }
        : { code: 56, message: `Recv failure: ${failure.error.message}` };
    case 'empty':
      return { code: 52, message: 'Empty reply from server' };
    case 'malformed':
      return { code: 1, message: 'Received HTTP/0.9 when not allowed' };
  }
}

function tlsError({ host, error }: Extract<HttpFailure, { kind: 'tls' }>): CurlError {
  switch (error.kind) {
    case 'verify':
      if (error.failure.kind === 'host') {
        const what = isAddress(host) ? 'ipv4 address' : 'host name';
        return { code: 60, message: `SSL: no alternative certificate subject name matches target ${what} '${host}'` };
      }
      return { code: 60, message: `SSL certificate problem: ${opensslVerifyText(error.failure)}` };
    case 'not-tls':
      return { code: 35, message: 'TLS connect error: error:0A00010B:SSL routines::wrong version number' };
    case 'alert':
      return { code: 35, message: `TLS connect error: error:${alertCode(error.alert)}` };
    case 'eof':
      return { code: 35, message: 'TLS connect error: error:00000000:lib(0)::reason(0)' };
    case 'errno':
      return { code: 35, message: `Recv failure: ${error.error.message}` };
  }
}

/** OpenSSL's reason of an alert: SSL_R_SSLV3_ALERT_… = 1000 + alert (sslerr.h). */
function alertCode(alert: string): string {
  switch (alert) {
    case 'bad certificate':
      return '0A000412:SSL routines::ssl/tls alert bad certificate';
    case 'expired certificate':
      return '0A000415:SSL routines::ssl/tls alert certificate expired';
    case 'unknown certificate authority':
      return '0A000418:SSL routines::tlsv1 alert unknown ca';
    case 'certificate required':
      return '0A00045C:SSL routines::tlsv13 alert certificate required';
    default:
      return '0A000410:SSL routines::ssl/tls alert handshake failure';
  }
}
