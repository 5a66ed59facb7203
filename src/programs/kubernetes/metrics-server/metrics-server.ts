import { configMap } from '../../../kubernetes/api/core/configmap';
import { node as nodeKind, type Node } from '../../../kubernetes/api/core/node';
import { decode } from '../../../linux/io/bytes';
import { request } from '../../../linux/net/http/client';
import { readBody } from '../../../linux/net/http/codec';
import { goUrlError } from '../../../linux/net/http/go-text';
import { Headers, type Request, type RequestContext, type Response } from '../../../linux/net/http/message';
import { listenAndServe, textResponse } from '../../../linux/net/http/server';
import { parseCertificates, type Certificate } from '../../../linux/net/tls/certificate';
import type { Process, Program } from '../../../linux/process/types';
import type { User } from '../../../kubernetes/apiserver/authentication/user';
import { authorizerOf } from '../../../kubernetes/apiserver/authorization/modes';
import { attributesOf } from '../../../kubernetes/apiserver/authorization/attributes';
import { forbiddenTo } from '../../../kubernetes/apiserver/authorization/forbidden';
import { requestInfo } from '../../../kubernetes/apiserver/rest/request-info';
import { refuse } from '../../../kubernetes/apiserver/rest/respond';
import { durationOf, flagsOf, klog, reach, selfSigned, untilTerminated } from '../component';
import type { ControlPlane } from '../control-plane';
import { metricsApi } from './api';
import { decodeResource, type Scraped } from './scrape';
import { MetricsStorage } from './storage';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';
/** --metric-resolution. Milliseconds. */
const defaultResolution = 60_000;

/** metrics-server: looks at every kubelet again and again, and serves what that tells. */
export const metricsServer =
  (cluster: ControlPlane): Program =>
  async (process) => {
    const flags = flagsOf(process.args);
    const resolution = durationOf(flags.get('metric-resolution')) ?? defaultResolution;
    await reach(process, cluster.apiserver, 'unable to load configmap based request-header-client-ca-file');
    const client = cluster.registry.as({
      user: 'system:serviceaccount:kube-system:metrics-server',
      agent: 'metrics-server',
    });
    const info = client.get(configMap, 'kube-system', 'extension-apiserver-authentication')?.data ?? {};
    const clientRoots = parseCertificates(info['requestheader-client-ca-file'] ?? '');
    const storage = new MetricsStorage();
    const parts = { reader: client, storage, now: () => process.clock.now };
    const port = Number(flags.get('secure-port') ?? 443);
    const served = listenAndServe(
      process,
      process.net.listen(process, { address: '0.0.0.0', port }),
      async (asked, context) =>
        health(asked, storage) ??
        unwelcome(cluster, asked, context) ??
        metricsApi(asked, parts) ??
        textResponse(404, '404 page not found\n'),
      { tls: { ...selfSigned(process), clientRoots } },
    );
    if (!served.ok) {
      await process.stderr.write(
        `panic: failed to create listener: failed to listen on 0.0.0.0:${port}: listen tcp 0.0.0.0:${port}: bind: ${served.error.message.toLowerCase()}\n`,
      );
      return 2;
    }
    klog(process, 'secure_serving.go:213', `Serving securely on [::]:${port}`);
    const roots = process.fs.readText(`${account}/ca.crt`);
    const scrape = async (node: Node): Promise<Scraped | undefined> =>
      look(process, node, {
        resolution,
        insecure: flags.get('kubelet-insecure-tls') === 'true',
        roots: roots.ok ? parseCertificates(roots.value) : [],
      });
    process.thread(async () => {
      for (;;) {
        const nodes = client.list(nodeKind);
        const looked = await Promise.all(nodes.map(async (node) => [node.metadata.name, await scrape(node)] as const));
        storage.store(new Map(looked.flatMap(([name, found]) => (found === undefined ? [] : [[name, found]]))));
        await process.sleep(resolution);
      }
    });
    return untilTerminated(process);
  };

/** What its probes ask; ready only when there is something to show. */
function health({ url }: Request, storage: MetricsStorage): Response | undefined {
  const [path] = url.split('?', 1);
  if (path === '/livez' || path === '/healthz') return textResponse(200, 'ok');
  if (path !== '/readyz') return undefined;
  return storage.ready
    ? textResponse(200, 'ok')
    : textResponse(500, '[-]metric-storage-ready failed: reason withheld\nreadyz check failed\n');
}

/** Who asks: whom the front proxy says, or the owner of a token. 401 for nobody, 403 for who may not. */
function unwelcome(
  { registry, settings }: ControlPlane,
  { method, url, headers }: Request,
  { peer }: RequestContext,
): Response | undefined {
  const remote = headers.get('X-Remote-User');
  const token = /^Bearer (.+)$/.exec(headers.get('Authorization') ?? '')?.[1];
  const groups = [...headers].flatMap(([name, value]) =>
    name.toLowerCase() === 'x-remote-group' ? value.split(', ') : [],
  );
  const user: User =
    peer?.commonName === 'front-proxy-client' && remote !== undefined
      ? { name: remote, groups }
      : ((token === undefined ? undefined : registry.tokens.authenticate(token)) ?? {
          name: 'system:anonymous',
          groups: ['system:unauthenticated'],
        });
  const attributes = attributesOf(user, requestInfo(method, url));
  const { decision, reason } = authorizerOf(registry.storage, settings.authorizationModes).authorize(attributes);
  return decision === 'Allow' ? undefined : refuse(forbiddenTo(attributes, reason));
}

interface LookOptions {
  readonly resolution: number;
  readonly insecure: boolean;
  readonly roots: readonly Certificate[];
}

/** One look at a kubelet (scraper.go): by its address, as the one that the service account's token names. */
async function look(
  process: Process,
  { metadata: { name }, status }: Node,
  { resolution, insecure, roots }: LookOptions,
): Promise<Scraped | undefined> {
  const address = status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? name;
  const port = status.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250;
  const url = `https://${address}:${port}/metrics/resource`;
  const token = process.fs.readText(`${account}/token`);
  const headers = new Headers({
    'User-Agent': 'metrics-server/v0.7.2',
    Authorization: `Bearer ${token.ok ? token.value.trim() : ''}`,
  });
  const failed = (why: string): undefined =>
    klog(
      process,
      'scraper.go:149',
      `"Failed to scrape node" err=${JSON.stringify(why)} node="${name}"`,
      'E',
    ) as undefined;
  const response = await request(process, { url, headers, timeout: resolution * 0.9, tls: { roots, insecure } });
  if (!response.ok) return failed(goUrlError('GET', url, response.error));
  const text = decode(await readBody(response.value.body));
  if (response.value.status !== 200) return failed(`request failed, status: "${response.value.line.slice(9)}"`);
  return decodeResource(text, process.clock.now);
}
