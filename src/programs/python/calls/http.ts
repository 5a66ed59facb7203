import type { Process } from '../../../linux/process/types';
import { concat } from '../../../linux/io/bytes';
import { request } from '../../../linux/net/http/client';
import { Headers } from '../../../linux/net/http/message';
import { parseCertificates } from '../../../linux/net/tls/certificate';
import { publicBundle } from '../../../linux/net/tls/public-ca';
import { fromHex, toHex } from './bytes';
import { string, type Calls } from './call';

/** One exchange by HTTPS, which `ssl` needs: the handshake is the kernel side's, with the machine's own roots. */
export const httpCalls = (process: Process): Calls => ({
  https: async (args) => {
    const headers = new Headers();
    for (const [name, value] of JSON.parse(string(args, 2)) as [string, string][]) headers.set(name, value);
    const body = fromHex(string(args, 3));
    const answered = await request(process, {
      method: string(args, 0),
      url: string(args, 1),
      headers,
      ...(body.length > 0 ? { body } : {}),
      tls: { roots: parseCertificates(publicBundle()) },
    });
    if (!answered.ok) {
      const { error } = answered;
      if (error.kind === 'dns')
        return error.error.kind === 'not-found'
          ? '!-2 Name or service not known'
          : '!-3 Temporary failure in name resolution';
      if (error.kind === 'connect' || error.kind === 'broken') return `!${error.error.number} ${error.error.message}`;
      return error.kind === 'tls' ? '!1 certificate verify failed' : '!110 Connection timed out';
    }
    const chunks: Uint8Array[] = [];
    for (let chunk = await answered.value.body.read(); chunk !== undefined; chunk = await answered.value.body.read())
      chunks.push(chunk);
    return JSON.stringify([
      answered.value.status,
      answered.value.line.replace(/^\S+ \d+ ?/, ''),
      [...answered.value.headers],
      toHex(concat(chunks)),
    ]);
  },
});
