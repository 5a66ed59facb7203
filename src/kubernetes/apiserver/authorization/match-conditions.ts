import { type FieldErrors } from '../../apimachinery/field-errors';
import { Budget, celTypes, compile, fromJson, type Program } from '../../cel/index';
import { err, ok, type Result } from '../../../sim/result';
import type { Attributes } from './authorizer';

const { bool, listOf, mapOf, objectOf, string, typeText } = celTypes;

const requirement = objectOf('kubernetes.SelectorRequirement', {
  key: string,
  operator: string,
  values: listOf(string),
});
const selector = (kind: string): celTypes.CelType =>
  objectOf(`kubernetes.${kind}SelectorAttributes`, { rawSelector: string, requirements: listOf(requirement) });

/** cel.buildRequestType: a SubjectAccessReview's spec. */
const requestType = objectOf('kubernetes.SubjectAccessReviewSpec', {
  resourceAttributes: objectOf('kubernetes.ResourceAttributes', {
    namespace: string,
    verb: string,
    group: string,
    version: string,
    resource: string,
    subresource: string,
    name: string,
    fieldSelector: selector('Field'),
    labelSelector: selector('Label'),
  }),
  nonResourceAttributes: objectOf('kubernetes.NonResourceAttributes', { path: string, verb: string }),
  user: string,
  groups: listOf(string),
  extra: mapOf(string, listOf(string)),
  uid: string,
});

const mostConditions = 64;

/** Which questions a webhook is asked: `matchConditions` of an AuthorizationConfiguration. */
export interface MatchConditions {
  /** Whether all hold; one that does not hold outweighs errors. */
  match(attributes: Attributes): Result<boolean, string>;
}

/** compileMatchConditions; `errors` stands at the webhook. */
export function compileMatchConditions(expressions: readonly string[], errors: FieldErrors): MatchConditions {
  const programs: { readonly expression: string; readonly program: Program }[] = [];
  const conditions = errors.at('matchConditions');
  if (expressions.length > mostConditions) conditions.tooMany(expressions.length, mostConditions);
  else
    expressions.forEach((expression, index) => {
      const at = conditions.index(index).at('expression');
      if (expression.trim() === '') return at.required('');
      if (expressions.indexOf(expression) < index) return at.duplicate(expression);
      const compiled = compile(expression, new Map([['request', requestType]]));
      if (!compiled.ok) return at.invalid(expression, `compilation failed: ${compiled.error}`);
      const { type } = compiled.value;
      if (type !== bool) return at.invalid(expression, `must evaluate to bool but got ${typeText(type)}`);
      programs.push({ expression, program: compiled.value });
    });
  return {
    match: (attributes) => {
      const request = fromJson(requestOf(attributes), requestType);
      const failures: string[] = [];
      for (const { expression, program } of programs) {
        const result = program.run((name) => (name === 'request' ? request : undefined), new Budget());
        if (!result.ok)
          failures.push(`cel evaluation error: expression '${expression}' resulted in error: ${result.error}`);
        else if (result.value !== true) return ok(false);
      }
      if (failures.length === 0) return ok(true);
      return err(failures.length === 1 ? (failures[0] ?? '') : `[${failures.join(', ')}]`);
    },
  };
}

/** convertObjectToUnstructured: texts that are empty are there, too. */
function requestOf({ user, isResource, verb, path, ...asked }: Attributes): object {
  const { group, resource, subresource, namespace, name, fields } = asked;
  const requirements = [...(fields ?? [])].map(([key, value]) => ({ key, operator: 'In', values: [value] }));
  const resourceAttributes = {
    ...{ namespace, verb, group, version: '*', resource, subresource, name },
    ...(requirements.length === 0 ? {} : { fieldSelector: { requirements } }),
  };
  return {
    user: user.name,
    groups: user.groups,
    uid: user.uid ?? '',
    extra: user.extra ?? {},
    ...(isResource ? { resourceAttributes } : { nonResourceAttributes: { path, verb } }),
  };
}
