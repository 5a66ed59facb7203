import { expect, test } from 'vitest';
import { encode } from '../../linux/io/bytes';
import { Headers } from '../../linux/net/http/message';
import { serviceAccount } from '../api/core/serviceaccount';
import { serve } from './testing';

/** What the trace says of one POST of a pod. */
async function told(user: string, groups: readonly string[], pod: object, query = ''): Promise<readonly string[]> {
  const { trace, registry, handler } = serve();
  registry
    .as({ user: 'admin', groups: ['system:masters'], agent: 'test' })
    .create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
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
      "flow exempt",
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
      "flow global-default",
      "authorize create pods → 403",
    ]
  `);
  expect(await told('kubernetes-admin', ['system:masters'], pod([]))).toMatchInlineSnapshot(`
    [
      "authenticate kubernetes-admin",
      "flow exempt",
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
      "flow exempt",
      "authorize create pods",
      "route pods",
      "negotiate object json",
      "decode 124 bytes → 400",
    ]
  `);
});
