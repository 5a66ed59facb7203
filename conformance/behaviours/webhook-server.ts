import { decode } from '../../src/linux/io/bytes';
import { readBody } from '../../src/linux/net/http/codec';
import { listenAndServe, textResponse } from '../../src/linux/net/http/server';
import { certificatePem, createCa, issue } from '../../src/linux/net/tls/certificate';
import { serverTls } from '../../src/linux/net/tls/connection';
import type { Clock } from '../../src/sim/clock';
import { at } from './client';
import type { Framework } from './framework';
import { reviewers, type Review } from './webhook-answers';

/** A server on a node and the service `webhook` before it. */
export interface WebhookServer {
  /** What a `clientConfig` says for one of the server's paths. */
  clientConfig(path: string): object;
  stop(): void;
}

const NODE = 'node1';
const SERVICE = 'e2e-test-webhook';
const SERVICE_PORT = 8443;
const PORT = 8444;

/**
 * Runs the suite's webhook program (agnhost webhook) as a process of a node's host; a service without selector leads to
 * it, so that every call goes over the cluster's network and its TLS.
 */
export async function startWebhookServer(f: Framework): Promise<WebhookServer> {
  const { lab, api, namespace } = f;
  const { clock } = lab;
  const host = lab.host(NODE);
  if (host === undefined) throw new Error(`there is no host ${NODE}`);
  const random = lab.random.fork(`webhook ${namespace}`);
  const ca = createCa({ subject: { commonName: 'e2e-server-cert-ca' }, random, now: clock.now });
  const name = `${SERVICE}.${namespace}.svc`;
  const server = issue({ subject: { commonName: name }, sans: [name], issuer: ca, random, now: clock.now });
  let close: (() => void) | undefined;
  host.spawn({
    argv: ['agnhost', 'webhook'],
    file: async (process) => {
      const served = listenAndServe(
        process,
        process.net.listen(process, { address: '0.0.0.0', port: PORT }),
        async ({ url, body }) => {
          const [path = ''] = url.split('?');
          const text = await answer(clock, path, decode(await readBody(body)));
          return text === undefined
            ? textResponse(404, '404 page not found\n')
            : textResponse(200, text, 'application/json');
        },
        { tls: serverTls(server, () => clock.now) },
      );
      if (!served.ok) return 1;
      close = served.value.close;
      await served.value.serving;
      return 0;
    },
  });
  await clock.advance(100);
  const [node] = (await api.get(`/api/v1/nodes?fieldSelector=metadata.name=${NODE}`)).items;
  await api.create(f.at('services'), {
    metadata: { name: SERVICE },
    spec: { ports: [{ port: SERVICE_PORT, targetPort: PORT }] },
  });
  await api.create(f.at('endpoints'), {
    metadata: { name: SERVICE },
    subsets: [{ addresses: [{ ip: at(node, 'status', 'addresses', 0, 'address') }], ports: [{ port: PORT }] }],
  });
  await clock.advance(3000);
  return {
    clientConfig: (path) => ({
      service: { namespace, name: SERVICE, path, port: SERVICE_PORT },
      caBundle: btoa(certificatePem(ca.certificate)),
    }),
    stop: () => close?.(),
  };
}

/** How long the slow one takes. */
const DELAY = 5000;

async function answer(clock: Clock, path: string, text: string): Promise<string | undefined> {
  const review = reviewers[path];
  if (review === undefined) return undefined;
  const asked = JSON.parse(text) as Review;
  if (path === '/always-allow-delay-5s') await clock.sleep(DELAY);
  if (at(asked.request.object, 'metadata', 'labels', 'webhook-e2e-test') === 'wait-forever')
    await clock.deferred<void>().promise;
  const { apiVersion, kind, request } = asked;
  return JSON.stringify({ apiVersion, kind, response: { uid: request.uid, ...review(request) } });
}
