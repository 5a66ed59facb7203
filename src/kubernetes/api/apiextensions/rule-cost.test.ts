import { expect, test } from 'vitest';
import { FieldErrors } from '../../apimachinery/field-errors';
import type { JsonSchemaProps } from './json-schema-props';
import { validateCustomSchema } from './validate-schema';

const advice =
  ' (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';
const list = (items: JsonSchemaProps, rule: string, more: JsonSchemaProps = {}): JsonSchemaProps => ({
  type: 'object',
  properties: { l: { type: 'array', items, 'x-kubernetes-validations': [{ rule }], ...more } },
});
const problems = (schema: JsonSchemaProps, unchanged = false): readonly string[] => {
  const errors = new FieldErrors();
  validateCustomSchema(schema, errors, { structural: true, statusEnabled: false, unchanged });
  return errors.causes.map(({ field, message }) => `${field}: ${message}`);
};
const unbounded = list({ type: 'string' }, 'self.all(x, self.exists(y, x == y))');

test('rules that may cost too much are refused', () => {
  expect(problems(unbounded)).toEqual([
    `openAPIV3Schema.properties[l].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x${advice}`,
    'openAPIV3Schema.properties[l].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
    `openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x${advice}`,
  ]);
  expect(
    problems(list({ type: 'string', maxLength: 10 }, 'self.all(x, self.exists(y, x == y))', { maxItems: 100 })),
  ).toEqual([]);
});

test('limits around a rule count', () => {
  const rule = { rule: "self.contains('abcdef')" };
  const items: JsonSchemaProps = { type: 'string', maxLength: 40, 'x-kubernetes-validations': [rule] };
  const within = (more: JsonSchemaProps): readonly string[] =>
    problems({ type: 'object', properties: { l: { type: 'array', items, ...more } } });
  expect(within({})).toEqual([
    `openAPIV3Schema.properties[l].items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of 1.8x${advice}`,
  ]);
  expect(within({ maxItems: 100_000 })).toEqual([]);
});

test('what a rule costs is not asked of a schema that stays as it is', () => {
  expect(problems(unbounded, true).map((text) => text.split(': ')[2])).toEqual([
    'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema',
    `x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x${advice}`,
  ]);
});

test('expressions of messages are counted once', () => {
  const schema = (maxLength: number): JsonSchemaProps => ({
    type: 'object',
    properties: {
      s: {
        type: 'string',
        maxLength,
        'x-kubernetes-validations': [{ rule: 'true', messageExpression: "self.replace('', self).replace('', self)" }],
      },
    },
  });
  expect(problems(schema(100))).toEqual([]);
  expect(problems(schema(100_000))[0]).toMatch(
    /messageExpression: Forbidden: estimated messageExpression cost exceeds/,
  );
});
