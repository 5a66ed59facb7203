import { encode } from '../../linux/io/bytes';
import { Headers, type Handler, type Response } from '../../linux/net/http/message';
import { listenAndServe } from '../../linux/net/http/server';
import { serveDns } from '../../linux/net/dns/server';
import { publicIdentity } from '../../linux/net/tls/public-ca';
import type { Process, Program } from '../../linux/process/types';
import { answerPublic } from './dns';
import type { Page } from './mirror/page';
import { addressesOf, publicAddresses } from './names';

/** A name server: the forwarder on the lab's router, or one of the public ones. */
export const nameServer: Program = async (process) => {
  if (process.args.includes('--public')) for (const address of publicAddresses()) addAddress(process, address);
  serveDns(process, { address: '0.0.0.0', port: 53 }, (question) => answerPublic(question));
  return forever(process);
};

function addAddress(process: Process, address: string): void {
  process.net.addAddress('anycast', `${address}/32`);
}

/** All web servers of the internet in one: which one is asked, the Host header and SNI say. */
export const webServer: Program = async (process) => {
  const { net, clock } = process;
  const fallback = publicIdentity('example.com');
  listenAndServe(process, net.listen(process, { address: '0.0.0.0', port: 80 }), answering(process, 'http'));
  listenAndServe(process, net.listen(process, { address: '0.0.0.0', port: 443 }), answering(process, 'https'), {
    tls: {
      chain: [fallback.certificate],
      chainFor: (name) => (addressesOf(name) === undefined ? undefined : [publicIdentity(name).certificate]),
      key: fallback.key,
      now: () => clock.now,
    },
  });
  return forever(process);
};

/** Contents are loaded when somebody first asks for a page; virtual time stands still meanwhile. */
function answering(process: Process, scheme: 'http' | 'https'): Handler {
  return async (request) => {
    const loading = process.clock.external(() => import('./mirror/mirror'));
    await process.sleep(0);
    const { pageOf } = await loading;
    const host = (request.headers.get('Host') ?? '').replace(/:\d+$/, '').toLowerCase();
    const loadingPage = process.clock.external(() => pageOf({ scheme, host, request, fs: process.fs }));
    await process.sleep(0);
    return responseOf(await loadingPage);
  };
}

function responseOf({ status, headers = {}, type = 'text/plain; charset=utf-8', body = '' }: Page): Response {
  const fields = new Headers({ Server: 'bottleship-mirror' });
  const bytes = typeof body === 'string' ? encode(body) : body;
  if (bytes.length > 0 || status === 200) fields.set('Content-Type', type);
  for (const [name, value] of Object.entries(headers)) fields.set(name, value);
  return { status, headers: fields, body: bytes };
}

const forever = async (process: Process): Promise<number> => {
  await process.block<void>(() => () => undefined);
  return 0;
};
