import { readBody } from '../../../linux/net/http/codec';
import { decode } from '../../../linux/io/bytes';
import { Headers, type Response } from '../../../linux/net/http/message';
import { componentStatus, type ComponentStatus } from '../../api/core/componentstatus';
import { notFound } from '../../apimachinery/status';
import type { Routed, ServerParts } from './exchange';
import { answerList, answerObject, selectionOf } from './read';
import { refuse } from './respond';

type Health = readonly [status: 'True' | 'False' | 'Unknown', message: string, error: string];

/** probeTimeOut. Milliseconds. */
const patience = 20_000;

/** What is looked at, and how: componentStatusStorage.serversToValidate. */
const checks = new Map<string, (server: ServerParts) => Promise<Health> | Health>([
  ['etcd-0', ({ etcdUp }) => (etcdUp() ? ['True', 'ok', ''] : ['False', '', 'context deadline exceeded'])],
  ['scheduler', (server) => probe(server, 'https://127.0.0.1:10259/healthz')],
  ['controller-manager', (server) => probe(server, 'https://127.0.0.1:10257/healthz')],
]);

/** probe/http DoHTTPProbe: what cannot be reached is unhealthy, and that is no error of the check. */
async function probe({ network }: ServerParts, url: string): Promise<Health> {
  const failed = (why: string): Health => ['False', `Get "${url}": ${why}`, ''];
  if (network === undefined) return failed(`dial tcp ${new URL(url).host}: connect: connection refused`);
  const headers = new Headers({ 'User-Agent': 'kube-probe/1.33', Accept: '*/*' });
  const response = await network.request({ url, method: 'GET', headers, insecure: true, timeout: patience });
  if (!response.ok) return failed(response.error);
  const { status, body } = response.value;
  const text = decode(await readBody(body));
  return status >= 200 && status < 400
    ? ['True', text, '']
    : ['False', `HTTP probe failed with statuscode: ${status}`, ''];
}

async function look(server: ServerParts, name: string): Promise<ComponentStatus | undefined> {
  const health = await checks.get(name)?.(server);
  if (health === undefined) return undefined;
  const [status, message, error] = health;
  return {
    kind: componentStatus.names.kind,
    apiVersion: componentStatus.apiVersion,
    metadata: { name, creationTimestamp: null },
    conditions: [
      {
        type: 'Healthy',
        status,
        ...(message === '' ? {} : { message }),
        ...(error === '' ? {} : { error }),
      },
    ],
  } as unknown as ComponentStatus;
}

/** GET of componentstatuses: asks the server's neighbours now. */
export async function componentStatuses(exchange: Routed): Promise<Response> {
  const { kind, info, server } = exchange;
  if (info.name !== '') {
    const found = await look(server, info.name);
    if (found === undefined) return refuse(notFound({ group: '', plural: 'componentstatus' }, info.name));
    return answerObject(exchange, 200, found);
  }
  const selection = selectionOf(kind, info);
  if (!selection.ok) return refuse(selection.error);
  const looked = await Promise.all([...checks.keys()].map((name) => look(server, name)));
  const found = looked.filter((each) => each !== undefined && selection.value.matches(each)) as ComponentStatus[];
  return answerList(exchange, found, {});
}
