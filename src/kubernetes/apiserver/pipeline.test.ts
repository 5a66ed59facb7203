import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { encode } from '../../linux/io/bytes';
import { Headers } from '../../linux/net/http/message';
import { Clock } from '../../sim/clock';
import { Random } from '../../sim/random';
import { Trace } from '../../sim/trace';
import { serviceAccount } from '../api/core/serviceaccount';
import { createApiserver } from './apiserver';
import { bootstrap } from './bootstrap';
import { createRegistry } from './create-registry';

/** What the trace says of one POST of a pod. */
async function told(user: string, groups: readonly string[], pod: object, query = ''): Promise<readonly string[]> {
  const trace = new Trace();
  const clock = new Clock({ start: Date.UTC(2026, 0, 1), trace, settle: () => turn() });
  const random = new Random(1);
  const registry = createRegistry({ clock, random, trace });
  bootstrap(registry, { advertiseAddress: '172.30.1.2' });
  registry
    .as({ user: 'admin', groups: ['system:masters'], agent: 'test' })
    .create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  const handler = createApiserver({ registry, clock, random, trace });
  const { last } = trace;
  await handler(
    {
      method: 'POST',
      url: `/api/v1/namespaces/default/pods${query}`,
      headers: new Headers({ 'Content-Type': 'application/json' }),
      body: encode(JSON.stringify(pod)),
    },
    { remote: '172.30.0.10', peer: { commonName: user, organizations: [...groups] } },
  );
  const [request] = trace.since(last);
  return trace
    .since(last)
    .filter(({ parent }) => parent === request?.id)
    .map(({ verb, subject, detail }) => `${verb} ${subject}${detail?.['refused'] ? ` → ${detail['refused']}` : ''}`);
}

const pod = (containers: readonly object[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers },
});
const nginx = { name: 'nginx', image: 'nginx' };

test('every stage that a write goes through is in the trace, with what it decided', async () => {
  expect(await told('kubernetes-admin', ['system:masters'], pod([nginx]))).toMatchInlineSnapshot(`
    [
      "authenticate kubernetes-admin",
      "authorize create pods",
      "route pods",
      "negotiate object json",
      "decode 115 bytes",
      "mutate ServiceAccount",
      "mutate Priority",
      "mutate DefaultTolerationSeconds",
      "validate pods",
      "admit pods",
      "create pods/default/web",
    ]
  `);
});

test('the trace ends at the stage that refused', async () => {
  expect(await told('jane', [], pod([nginx]))).toMatchInlineSnapshot(`
    [
      "authenticate jane",
      "authorize create pods → 403",
    ]
  `);
  expect(await told('kubernetes-admin', ['system:masters'], pod([]))).toMatchInlineSnapshot(`
    [
      "authenticate kubernetes-admin",
      "authorize create pods",
      "route pods",
      "negotiate object json",
      "decode 83 bytes",
      "mutate ServiceAccount",
      "mutate Priority",
      "mutate DefaultTolerationSeconds",
      "validate pods",
    ]
  `);
  expect(await told('kubernetes-admin', ['system:masters'], { ...pod([nginx]), nope: 1 }, '?fieldValidation=Strict'))
    .toMatchInlineSnapshot(`
    [
      "authenticate kubernetes-admin",
      "authorize create pods",
      "route pods",
      "negotiate object json",
      "decode 124 bytes → 400",
    ]
  `);
});
