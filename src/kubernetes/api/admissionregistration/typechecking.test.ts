import { expect, test } from 'vitest';
import { kinds } from '../index';
import { checkTypes } from './typechecking';

test('expressions are checked against every kind that the rules name', () => {
  const warnings = checkTypes(
    {
      matchConstraints: {
        resourceRules: [
          { operations: ['*'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments', 'statefulsets'] },
          { operations: ['*'], apiGroups: ['*'], apiVersions: ['v1'], resources: ['pods'] },
        ],
      },
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      variables: [{ name: 'strategy', expression: 'object.spec.strategy' }],
      validations: [
        { expression: 'object.foo > 0 || object.spec.replicas > "1"' },
        { expression: 'has(params.data) && object.metadata.name.size() < 5', messageExpression: 'params.datum' },
        { expression: 'variables.strategy.type == "Recreate"' },
        { expression: 'authorizer.group("").resource("pods").check("get").allowed()' },
      ],
    },
    kinds,
  );
  const undefinedFoo =
    'ERROR: <input>:1:7: undefined field \'foo\'\n | object.foo > 0 || object.spec.replicas > "1"\n | ......^';
  const noOverload =
    "ERROR: <input>:1:40: found no matching overload for '_>_' applied to '(int, string)'\n | object.foo > 0 || object.spec.replicas > \"1\"\n | .......................................^";
  const datum = "ERROR: <input>:1:7: undefined field 'datum'\n | params.datum\n | ......^";
  expect(warnings).toStrictEqual([
    {
      fieldRef: 'spec.validations[0].expression',
      warning: `apps/v1, Kind=Deployment: ${undefinedFoo}\n${noOverload}\n\napps/v1, Kind=StatefulSet: ${undefinedFoo}\n${noOverload}\n`,
    },
    {
      fieldRef: 'spec.validations[1].messageExpression',
      warning: `apps/v1, Kind=Deployment: ${datum}\n\napps/v1, Kind=StatefulSet: ${datum}\n`,
    },
  ]);
});
