import { expect, test } from 'vitest';
import { FieldErrors } from '../../apimachinery/field-errors';
import type { Attributes } from './authorizer';
import { compileMatchConditions } from './match-conditions';

const asked: Attributes = {
  user: { name: 'jane', groups: ['dev'] },
  verb: 'get',
  isResource: true,
  group: '',
  resource: 'pods',
  subresource: '',
  namespace: 'default',
  name: 'a',
  path: '/api/v1/namespaces/default/pods/a',
};
const health: Attributes = { ...asked, isResource: false, resource: '', namespace: '', name: '', path: '/healthz' };

test('a webhook is asked where all conditions hold', () => {
  const errors = new FieldErrors();
  const conditions = compileMatchConditions(
    [
      'has(request.resourceAttributes)',
      "request.resourceAttributes.namespace == 'default' && 'dev' in request.groups && request.uid == ''",
    ],
    errors,
  );
  expect(errors.causes).toEqual([]);
  expect([
    conditions.match(asked),
    conditions.match({ ...asked, namespace: 'kube-system' }),
    // The first does not hold, so what is wrong with the second does not count.
    conditions.match(health),
  ]).toEqual([
    { ok: true, value: true },
    { ok: true, value: false },
    { ok: true, value: false },
  ]);
});

test('an error counts where no condition says no', () => {
  const { match } = compileMatchConditions(["request.resourceAttributes.verb == 'get'"], new FieldErrors());
  expect(match(health)).toEqual({
    ok: false,
    error:
      "cel evaluation error: expression 'request.resourceAttributes.verb == 'get'' resulted in error: no such key: resourceAttributes",
  });
});

test('expressions are checked when the server starts', () => {
  const errors = new FieldErrors();
  compileMatchConditions(['', "request.user == 'a'", "request.user == 'a'", 'request.nobody', 'request.user'], errors);
  expect(errors.causes.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'matchConditions[0].expression: Required value',
    `matchConditions[2].expression: Duplicate value: "request.user == 'a'"`,
    `matchConditions[3].expression: Invalid value: "request.nobody": compilation failed: ERROR: <input>:1:8: undefined field 'nobody'\n | request.nobody\n | .......^`,
    'matchConditions[4].expression: Invalid value: "request.user": must evaluate to bool but got string',
  ]);
});
