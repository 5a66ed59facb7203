import { at, type Thing } from '../client';
import { area, type Behaviours, type Framework } from '../framework';
import { template } from './objects';

const COUNT = 400;
const nameOf = (index: number): string => `template-${String(index).padStart(4, '0')}`;

async function fill(f: Framework): Promise<string> {
  const path = f.at('podtemplates');
  for (let index = 0; index < COUNT; index++)
    await f.api.create(path, { metadata: { name: nameOf(index) }, template: template({}) });
  return path;
}

/** A page must begin at `found` and say how many are left; how many there are with it. */
function checkPage(f: Framework, page: Thing, found: number, limit: number): number {
  const { items, metadata } = page;
  f.holds(items.length <= limit, 'a page is no longer than asked for');
  f.equal(
    items.map((item) => item.metadata.name),
    items.map((_, index) => nameOf(found + index)),
    'names of a page',
  );
  const after = found + items.length;
  if ((metadata.continue ?? '') === '') f.equal(metadata.remainingItemCount, undefined, 'what is left after the last');
  else f.equal(metadata.remainingItemCount, COUNT - after, 'what is left');
  return after;
}

/** Reads on from a page to the end; all at one version. */
async function readOn(f: Framework, path: string, first: Thing, begin: number, limit: number): Promise<void> {
  let found = checkPage(f, first, begin, limit);
  let page = first;
  while ((page.metadata.continue ?? '') !== '') {
    page = await f.api.get(`${path}?limit=${limit}&continue=${encodeURIComponent(page.metadata.continue ?? '')}`);
    f.equal(page.metadata.resourceVersion, first.metadata.resourceVersion, 'the version of a page');
    found = checkPage(f, page, found, limit);
  }
  f.equal(found, COUNT, 'how many came');
}

export const chunking: Behaviours = area('[sig-api-machinery] Servers with support for API chunking', {
  'should return chunks of results for list calls': async (f) => {
    const path = await fill(f);
    for (let times = 0; times < 3; times++) await readOn(f, path, await f.api.get(`${path}?limit=17`), 0, 17);
    f.equal((await f.api.get(`${path}?limit=${COUNT + 1}`)).items.length, COUNT, 'all at once');
  },

  'should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent [Slow]':
    async (f) => {
      const path = await fill(f);
      const limit = COUNT / 10;
      const first = await f.api.get(`${path}?limit=${limit}`);
      checkPage(f, first, 0, limit);
      const on = (token = '') => `${path}?limit=${limit}&continue=${encodeURIComponent(token)}`;
      await f.until(
        async () => (await f.api.ask('GET', on(first.metadata.continue))).code === 410,
        'the token to expire',
        600_000,
        20_000,
      );
      const { status } = await f.refused(f.api.get(on(first.metadata.continue)), 410);
      const token = status.metadata.continue ?? '';
      f.holds(token !== '', 'there is another token');
      const second = await f.api.get(on(token));
      f.holds(second.metadata.resourceVersion !== first.metadata.resourceVersion, 'the version is another');
      f.equal(second.items.length, limit, 'the second page');
      await readOn(f, path, second, limit, limit);
    },
});

export const tables: Behaviours = area('[sig-api-machinery] Servers with support for Table transformation', {
  'should return a 406 for a backend which does not implement metadata': async (f) => {
    await f.refused(
      f.api.create(
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } },
        { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      ),
      406,
    );
  },
});

export const version: Behaviours = area('[sig-api-machinery] server version', {
  'should find the server version': async (f) => {
    const said = await f.api.get('/version');
    f.holds(/^[1-9]$/.test(String(at(said, 'major'))), 'a major version');
    f.holds(/^[0-9]+$/.test(String(at(said, 'minor'))), 'a minor version');
  },
});

export const nodes: Behaviours = area('[sig-architecture] Conformance Tests', {
  'should have at least two untainted nodes': async (f) => {
    const { items } = await f.api.get('/api/v1/nodes');
    const schedulable = items.filter(
      (node) =>
        at(node, 'spec', 'unschedulable') !== true &&
        at(node, 'spec', 'taints') === undefined &&
        JSON.stringify(at(node, 'status', 'conditions')).includes('"KubeletReady"'),
    );
    f.holds(schedulable.length >= 2, 'two nodes take pods');
  },
});
