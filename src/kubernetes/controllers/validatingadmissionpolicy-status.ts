import { checkTypes } from '../api/admissionregistration/typechecking';
import { validatingAdmissionPolicy } from '../api/admissionregistration/validatingadmissionpolicy';
import { kinds } from '../api/index';
import { defineController, every } from './controller';

/**
 * Type checks the expressions of policies and says in their status what is wrong. Upstream:
 * pkg/controller/validatingadmissionpolicystatus
 */
export const validatingAdmissionPolicyStatusController = defineController(
  'validatingadmissionpolicy-status-controller',
  ({ client }) => ({
    watches: [every(validatingAdmissionPolicy, ({ metadata }) => [metadata.name])],
    sync(name) {
      const policy = client.get(validatingAdmissionPolicy, undefined, name);
      if (policy === undefined) return;
      const { generation = 0 } = policy.metadata;
      if (generation <= (policy.status?.observedGeneration ?? 0)) return;
      const expressionWarnings = checkTypes(policy.spec, kinds);
      client.mutateStatus(validatingAdmissionPolicy, undefined, name, (now) => ({
        ...now,
        status: {
          ...now.status,
          observedGeneration: generation,
          typeChecking: expressionWarnings.length === 0 ? {} : { expressionWarnings },
        },
      }));
    },
  }),
);
