import { area, type Behaviours, type Framework } from '../framework';
import { documented } from './discovery';
import { operations } from './flowcontrol';
import { deployment } from './objects';

const group = 'admissionregistration.k8s.io';
const path = `/apis/${group}/v1`;

const matchOf = (f: Framework) => ({
  namespaceSelector: { matchLabels: { [f.namespace]: 'true' } },
  resourceRules: [{ operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] }],
});

/** A policy for deployments of the own namespace, in force. */
async function enforce(f: Framework, spec: object): Promise<void> {
  const name = `${f.namespace}.policy.example.com`;
  await f.createGlobal(`${path}/validatingadmissionpolicies`, {
    metadata: { name },
    spec: { matchConstraints: matchOf(f), failurePolicy: 'Fail', ...spec },
  });
  await f.createGlobal(`${path}/validatingadmissionpolicybindings`, {
    metadata: { name: `${f.namespace}.binding.example.com` },
    spec: {
      policyName: name,
      matchResources: { namespaceSelector: { matchLabels: { [f.namespace]: 'true' } } },
      validationActions: ['Deny'],
    },
  });
  await f.until(async () => {
    const { code } = await f.api.ask('POST', f.at('apps/v1/deployments'), deployment('marker-deployment', 1));
    if (code < 300) await f.api.delete(f.at('apps/v1/deployments', 'marker-deployment'));
    return code === 422;
  }, 'the marker to be denied');
}

async function allows(f: Framework, replicas: number): Promise<void> {
  await f.api.create(f.at('apps/v1/deployments'), deployment('replicated', replicas));
  await f.api.create(f.at('apps/v1/replicasets'), deployment('non-replicated', 1));
}

export const policies: Behaviours = area('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin]', {
  'should validate against a Deployment': async (f) => {
    await enforce(f, {
      validations: [
        {
          expression: 'object.spec.replicas > 1',
          messageExpression: "'wants replicas > 1, got ' + object.spec.replicas",
        },
        {
          expression: `namespaceObject.metadata.name == '${f.namespace}'`,
          message: 'Internal error! Other namespace should not be allowed.',
        },
      ],
    });
    await allows(f, 2);
  },

  'should allow expressions to refer variables.': async (f) => {
    await enforce(f, {
      variables: [
        { name: 'replicas', expression: 'object.spec.replicas' },
        { name: 'oddReplicas', expression: 'variables.replicas % 2 == 1' },
      ],
      validations: [{ expression: 'variables.replicas > 1' }, { expression: 'variables.oddReplicas' }],
    });
    await allows(f, 3);
    await f.refused(f.api.create(f.at('apps/v1/deployments'), deployment('even', 4)), 422);
  },

  'should support ValidatingAdmissionPolicy API operations': (f) =>
    operations(f, {
      group,
      resource: 'validatingadmissionpolicies',
      kind: 'ValidatingAdmissionPolicy',
      spec: {
        matchConstraints: matchOf(f),
        validations: [{ expression: 'object.spec.replicas <= 100' }],
        failurePolicy: 'Fail',
      },
      conditions: true,
    }),

  'should support ValidatingAdmissionPolicyBinding API operations': async (f) => {
    await documented(f, group, 'v1', ['validatingadmissionpolicybindings']);
    await operations(f, {
      group,
      resource: 'validatingadmissionpolicybindings',
      kind: 'ValidatingAdmissionPolicyBinding',
      spec: { policyName: 'replicalimit-policy.example.com', validationActions: ['Deny'] },
      conditions: false,
      hasStatus: false,
    });
  },
});
