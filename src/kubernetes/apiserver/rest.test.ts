import { expect, test } from 'vitest';
import { decode } from '../../linux/io/bytes';
import { serve } from './testing';

function world() {
  const { clock, handler, send: ask } = serve();
  const json = async (...args: Parameters<typeof ask>) => {
    const response = await ask(...args);
    return { status: response.status, ...(JSON.parse(decode(response.body as Uint8Array)) as object) };
  };
  return { clock, handler, ask, json };
}

test('a scale through its subresource, a patch and a table', async () => {
  const { json, clock } = world();
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const labels = { app: 'web' };
  await json('POST', deployments, {
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } },
    },
  });
  expect(
    await json(
      'PATCH',
      `${deployments}/web/scale`,
      { spec: { replicas: 3 } },
      { 'Content-Type': 'application/merge-patch+json' },
    ),
  ).toMatchObject({ status: { replicas: 0, selector: 'app=web' }, kind: 'Scale', spec: { replicas: 3 } });
  const patch = { spec: { template: { spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } } } };
  expect(
    await json('PATCH', `${deployments}/web`, patch, { 'Content-Type': 'application/strategic-merge-patch+json' }),
  ).toMatchObject({
    metadata: { generation: 3 },
    spec: { replicas: 3, template: { spec: { containers: [{ image: 'nginx:1.27', imagePullPolicy: 'Always' }] } } },
  });
  await clock.advance(61_000);
  expect(
    await json('GET', deployments, undefined, { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }),
  ).toMatchObject({
    kind: 'Table',
    rows: [
      {
        cells: ['web', '0/3', 0, 0, '61s', 'nginx', 'nginx:1.27', 'app=web'],
        object: { kind: 'PartialObjectMetadata' },
      },
    ],
  });
});

test('a watch by selector streams lines until its time is up', async () => {
  const { ask, json, clock } = world();
  const path = '/api/v1/namespaces/default/configmaps';
  const response = await ask('GET', `${path}?watch=true&labelSelector=a%3D1&timeoutSeconds=5`);
  const lines: string[] = [];
  const reading = (async () => {
    const body = response.body;
    if (body instanceof Uint8Array) throw new Error('no stream');
    for (let chunk = await body.read(); chunk !== undefined; chunk = await body.read())
      lines.push(...decode(chunk).trim().split('\n'));
    lines.push('END');
  })();
  await json('POST', path, { metadata: { name: 'x', labels: { a: '1' } } });
  await json('POST', path, { metadata: { name: 'y' } });
  await clock.advance(100);
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  await json('PATCH', `${path}/x`, { metadata: { labels: null } }, merge);
  await json('PATCH', `${path}/y`, { metadata: { labels: { a: '1' } } }, merge);
  await clock.advance(10_000);
  await reading;
  expect(
    lines.map((line) =>
      line === 'END'
        ? line
        : (({ type, object }) => `${type} ${object.metadata.name}`)(
            JSON.parse(line) as { type: string; object: { metadata: { name: string } } },
          ),
    ),
  ).toEqual(['ADDED x', 'DELETED x', 'ADDED y', 'END']);
});
