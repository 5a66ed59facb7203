import { at, patches } from '../client';
import type { Behaviours, Framework } from '../framework';
import {
  configuration,
  configure,
  denies,
  denyConfigMaps,
  mutateConfigMaps,
  mutates,
  pathOf,
  ready,
  type Kind,
} from './webhook-configurations';

/** Creating, updating and patching the rules of a configuration turns its webhook off and on. */
async function changed(f: Framework, kind: Kind): Promise<void> {
  const works = kind === 'validating' ? denies : mutates;
  const made = await configure(f, kind, [kind === 'validating' ? denyConfigMaps : mutateConfigMaps(1)]);
  const path = `${pathOf(kind)}/${made.metadata.name}`;
  if (kind === 'validating') await works(f, true);
  await f.change(path, (thing) => {
    const [first, ...others] = thing['webhooks'] as readonly { readonly rules: readonly [object] }[];
    return { ...thing, webhooks: [{ ...first, rules: [{ ...first?.rules[0], operations: ['UPDATE'] }] }, ...others] };
  });
  await works(f, false);
  const replace = [{ op: 'replace', path: '/webhooks/0/rules/0/operations', value: ['CREATE'] }];
  await f.api.patch(path, replace, patches.json);
  await works(f, true);
}

/** Ten configurations are listed, do their work, and go together. */
async function listed(f: Framework, kind: Kind): Promise<void> {
  const works = kind === 'validating' ? denies : mutates;
  const labels = { 'e2e-list-test-uuid': f.namespace };
  for (let index = 0; index < 10; index++) {
    const webhook = kind === 'validating' ? denyConfigMaps : mutateConfigMaps(1);
    await f.createGlobal(
      pathOf(kind),
      await configuration(f, kind, [webhook], { name: `${f.namespace}-${index}`, labels }),
    );
  }
  const selected = `${pathOf(kind)}?labelSelector=e2e-list-test-uuid=${f.namespace}`;
  f.equal((await f.api.get(selected)).items.length, 10, 'how many there are');
  await ready(f);
  await works(f, true);
  await f.api.delete(selected);
  await works(f, false);
}

const conditions = (...wanted: readonly string[]) =>
  wanted.map((expression, index) => ({ name: `expression-${index + 1}`, expression }));
const production = "object.metadata.namespace == 'production'";
const staging = "object.metadata.namespace == 'staging'";

async function matchConditions(f: Framework, kind: Kind): Promise<void> {
  const webhook = {
    ...(kind === 'validating' ? denyConfigMaps : mutateConfigMaps(1)),
    more: { matchConditions: conditions(production) },
  };
  const made = await f.createGlobal(pathOf(kind), await configuration(f, kind, [webhook]));
  const path = `${pathOf(kind)}/${made.metadata.name}`;
  const said = async (): Promise<unknown> => at(await f.api.get(path), 'webhooks', 0, 'matchConditions');
  f.equal(await said(), conditions(production), 'the conditions');
  const wanted = conditions(production, staging);
  await f.change(path, (thing) => {
    const [first, ...others] = thing['webhooks'] as readonly object[];
    return { ...thing, webhooks: [{ ...first, matchConditions: wanted }, ...others] };
  });
  f.equal(await said(), wanted, 'the conditions after an update');
}

async function badConditions(f: Framework, kind: Kind): Promise<void> {
  const matchConditions = [{ name: 'invalid-expression-1', expression: '... [] bad expression' }];
  const body = await configuration(f, kind, [{ ...denyConfigMaps, more: { matchConditions } }]);
  await f.refused(f.createGlobal(pathOf(kind), body), undefined, 'compilation failed');
}

/** What configurations of webhooks may be written, and how soon it holds. */
export const changes: Behaviours = {
  'patching/updating a validating webhook should work': (f) => changed(f, 'validating'),
  'patching/updating a mutating webhook should work': (f) => changed(f, 'mutating'),
  'listing validating webhooks should work': (f) => listed(f, 'validating'),
  'listing mutating webhooks should work': (f) => listed(f, 'mutating'),
  'should be able to create and update validating webhook configurations with match conditions': (f) =>
    matchConditions(f, 'validating'),
  'should be able to create and update mutating webhook configurations with match conditions': (f) =>
    matchConditions(f, 'mutating'),
  'should reject validating webhook configurations with invalid match conditions': (f) =>
    badConditions(f, 'validating'),
  'should reject mutating webhook configurations with invalid match conditions': (f) => badConditions(f, 'mutating'),
};
