import type { Kind } from '../../apimachinery/kind';
import { celTypes, compile } from '../../cel/index';
import { declarations, type Declarations } from './expressions';
import { typeOfStruct } from './struct-type';
import type { ExpressionWarning, ValidatingAdmissionPolicySpec } from './validatingadmissionpolicy';

const mostTypes = 10;

/** validating.TypeChecker.Check: what is wrong with a policy's expressions for the kinds that it is about. */
export function checkTypes(spec: ValidatingAdmissionPolicySpec, kinds: readonly Kind[]): readonly ExpressionWarning[] {
  const checked = typesToCheck(spec, kinds);
  const { paramKind } = spec;
  const params = kinds.find(
    ({ apiVersion, names }) => apiVersion === paramKind?.apiVersion && names.kind === paramKind.kind,
  );
  const warnings: ExpressionWarning[] = [];
  const check = (fieldRef: string, expression: string): void => {
    const problems = checked.flatMap((kind) => problemsWith(expression, kind, params, spec));
    if (problems.length > 0) warnings.push({ fieldRef, warning: problems.join('\n') });
  };
  spec.validations?.forEach(({ expression, messageExpression = '' }, index) => {
    check(`spec.validations[${index}].expression`, expression);
    if (messageExpression !== '') check(`spec.validations[${index}].messageExpression`, messageExpression);
  });
  return warnings;
}

function problemsWith(
  expression: string,
  kind: Kind,
  params: Kind | undefined,
  { variables = [] }: ValidatingAdmissionPolicySpec,
): readonly string[] {
  const { group, version, kind: name } = kind.names;
  const types = new Map<string, celTypes.CelType>();
  const base: Declarations = {
    authorizer: true,
    params: params !== undefined,
    variables: types,
    ...(kind.schema === undefined ? {} : { object: typeOfStruct(kind.schema) }),
  };
  const declared = declarations(base);
  if (params?.schema !== undefined) declared.set('params', typeOfStruct(params.schema));
  for (const variable of variables) {
    const compiled = compile(variable.expression, declared);
    types.set(variable.name, compiled.ok ? compiled.value.type : celTypes.dyn);
  }
  const compiled = compile(expression, declared);
  return compiled.ok ? [] : [`${group}/${version}, Kind=${name}: ${compiled.error}\n`];
}

/** The kinds that the rules name without stars, in their order. */
function typesToCheck({ matchConstraints }: ValidatingAdmissionPolicySpec, kinds: readonly Kind[]): readonly Kind[] {
  const found = new Set<Kind>();
  for (const { apiGroups, apiVersions, resources } of matchConstraints?.resourceRules ?? []) {
    if ([...apiGroups, ...apiVersions].some((each) => each.includes('*'))) continue;
    for (const kind of kinds) {
      const { group, version, plural } = kind.names;
      if (apiGroups.includes(group) && apiVersions.includes(version) && resources.includes(plural)) found.add(kind);
    }
  }
  const key = ({ names: { group, version, kind } }: Kind): string => `${group}\n${version}\n${kind}`;
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, mostTypes);
}
