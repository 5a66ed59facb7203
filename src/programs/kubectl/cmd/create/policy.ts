import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import type { JsonObject } from '../../json';
import { intOrString, meta, optional, optionalMap } from '../../manifest/objects';
import { canonical, parseQuantity } from '../../printers/quantity';
import { parseToLabelSelector } from '../../resource/label-selector';
import { typedCreate } from './typed';

export const namespace = typedCreate({
  use: 'namespace NAME [--dry-run=server|client|none]',
  aliases: ['ns'],
  short: 'Create a namespace with the specified name',
  long: 'Create a namespace with the given name.',
  example: '# A namespace\nkubectl create namespace my-namespace',
  flags: [],
  root: '/api/v1',
  plural: 'namespaces',
  clusterScope: true,
  build: (_cli, name) => ({ kind: 'Namespace', apiVersion: 'v1', metadata: meta({ name }), spec: {}, status: {} }),
});

export const serviceAccount = typedCreate({
  use: 'serviceaccount NAME [--dry-run=server|client|none]',
  aliases: ['sa'],
  short: 'Create a service account with the specified name',
  long: 'Create a service account with the given name.',
  example: '# A service account\nkubectl create serviceaccount my-service-account',
  flags: [],
  root: '/api/v1',
  plural: 'serviceaccounts',
  failed: 'failed to create serviceaccount: ',
  build: (_cli, name, space) => ({
    kind: 'ServiceAccount',
    apiVersion: 'v1',
    metadata: meta({ name, namespace: space }),
  }),
});

export const quota = typedCreate({
  use: 'quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  aliases: ['resourcequota'],
  short: 'Create a quota with the specified name',
  long: 'Create a resource quota with the given name, limits and scopes.',
  example: '# Limits of a namespace\nkubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2',
  flags: [
    flag.string('hard', '', 'Limits: resource=quantity, comma separated.'),
    flag.string('scopes', '', 'Scopes, comma separated: all must match an object for it to count.'),
  ],
  root: '/api/v1',
  plural: 'resourcequotas',
  failed: 'failed to create quota: ',
  build: ({ flags }, name, space) => {
    const hard: Record<string, string> = {};
    for (const statement of flags
      .string('hard')
      .split(',')
      .filter((word) => flags.string('hard') !== '' || word)) {
      const parts = statement.split('=');
      const [resource = '', quantity = ''] = parts;
      if (parts.length !== 2) throw new Failure(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
      if (parseQuantity(quantity) === undefined) throw new Failure(quantityComplaint);
      hard[resource] = canonical(quantity);
    }
    const scopes = flags.string('scopes') === '' ? [] : flags.string('scopes').split(',');
    if (scopes.includes('')) throw new Failure('invalid resource quota scope ""');
    return {
      kind: 'ResourceQuota',
      apiVersion: 'v1',
      metadata: meta({ name, namespace: space }),
      spec: { ...optionalMap('hard', hard), ...optional('scopes', scopes) },
      status: {},
    };
  },
});

export const quantityComplaint = `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`;

export const priorityClass = typedCreate({
  use: 'priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  aliases: ['pc'],
  short: 'Create a priority class with the specified name',
  long: 'Create a priority class with the given name, value, default and description.',
  example: '# A priority class\nkubectl create priorityclass high --value=1000 --description="what matters"',
  flags: [
    flag.string('description', '', 'For whom this class is meant.'),
    flag.bool('global-default', false, 'Whether pods without a class get this one.'),
    flag.string('preemption-policy', 'PreemptLowerPriority', 'Whether pods of this class may displace lower ones.'),
    flag.int32('value', 0, 'The priority.'),
  ],
  root: '/apis/scheduling.k8s.io/v1',
  plural: 'priorityclasses',
  clusterScope: true,
  failed: 'failed to create priorityclass: ',
  build: ({ flags }, name) => ({
    kind: 'PriorityClass',
    apiVersion: 'scheduling.k8s.io/v1',
    metadata: meta({ name }),
    value: flags.number('value'),
    ...optional('globalDefault', flags.bool('global-default')),
    ...optional('description', flags.string('description')),
    preemptionPolicy: flags.string('preemption-policy'),
  }),
});

export const podDisruptionBudget = typedCreate({
  use: 'poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  aliases: ['pdb'],
  short: 'Create a pod disruption budget with the specified name',
  long: 'Create a pod disruption budget with the given name, selector, and least number of available pods.',
  example: '# At least one pod stays\nkubectl create poddisruptionbudget my-pdb --selector=app=web --min-available=1',
  flags: [
    flag.string('max-unavailable', '', 'How many pods may be away, as a number or a percentage.'),
    flag.string('min-available', '', 'How many pods must be there, as a number or a percentage.'),
    flag.string('selector', '', 'Which pods.'),
  ],
  root: '/apis/policy/v1',
  plural: 'poddisruptionbudgets',
  failed: 'failed to create poddisruptionbudgets: ',
  build: ({ flags }, name, space) => {
    const [most, least, selector] = [
      flags.string('max-unavailable'),
      flags.string('min-available'),
      flags.string('selector'),
    ];
    if (selector === '') throw new Failure('a selector must be specified');
    if (most === '' && least === '') throw new Failure('one of min-available or max-unavailable must be specified');
    if (most !== '' && least !== '') throw new Failure('min-available and max-unavailable cannot be both specified');
    if (least !== '' && !/^\d+%?$/.test(least)) throw new Failure('invalid format specified for min-available');
    if (most !== '' && !/^\d+%?$/.test(most)) throw new Failure('invalid format specified for max-unavailable');
    return {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: meta({ name, namespace: space }),
      spec: {
        ...(least === '' ? {} : { minAvailable: intOrString(least) }),
        selector: parseToLabelSelector(selector),
        ...(most === '' ? {} : { maxUnavailable: intOrString(most) }),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 } satisfies JsonObject,
    };
  },
});
