import { celTypes, compile, type Program } from '../../cel/index';
import { err, ok, type Result } from '../../../sim/result';

const { bool, dyn, int, listOf, mapOf, objectOf, string, timestamp } = celTypes;
type CelType = celTypes.CelType;

const strings = listOf(string);
const kindType = objectOf('kubernetes.GroupVersionKind', { group: string, version: string, kind: string });
const resourceType = objectOf('kubernetes.GroupVersionResource', { group: string, version: string, resource: string });

/** plugin/cel's BuildRequestType. */
export const requestType = objectOf('kubernetes.AdmissionRequest', {
  kind: kindType,
  resource: resourceType,
  subResource: string,
  requestKind: kindType,
  requestResource: resourceType,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo: objectOf('kubernetes.UserInfo', {
    username: string,
    uid: string,
    groups: strings,
    extra: mapOf(string, strings),
  }),
  dryRun: bool,
  options: dyn,
});

/** plugin/cel's BuildNamespaceType. */
export const namespaceType = objectOf('kubernetes.Namespace', {
  metadata: objectOf('kubernetes.NamespaceMetadata', {
    name: string,
    generateName: string,
    namespace: string,
    labels: mapOf(string, string),
    annotations: mapOf(string, string),
    UID: string,
    creationTimestamp: timestamp,
    deletionGracePeriodSeconds: int,
    deletionTimestamp: timestamp,
    generation: int,
    resourceVersion: string,
    finalizers: strings,
  }),
  spec: objectOf('kubernetes.NamespaceSpec', { finalizers: strings }),
  status: objectOf('kubernetes.NamespaceStatus', { phase: string }),
});

export interface Declarations {
  readonly params?: boolean;
  readonly authorizer?: boolean;
  /** What `variables.x` may be so far; absent: the policy has none. */
  readonly variables?: ReadonlyMap<string, CelType>;
  /** The type of `object` and `oldObject`, where it is known. */
  readonly object?: CelType;
}

/** What an expression of a policy or a match condition may speak of. */
export function declarations({ params, authorizer, variables, object = dyn }: Declarations): Map<string, CelType> {
  const declared = new Map<string, CelType>([
    ['object', object],
    ['oldObject', object],
    ['request', requestType],
    ['namespaceObject', namespaceType],
  ]);
  if (params === true) declared.set('params', dyn);
  if (authorizer === true) {
    declared.set('authorizer', celTypes.parseType('kubernetes.authorization.Authorizer'));
    declared.set('authorizer.requestResource', celTypes.parseType('kubernetes.authorization.ResourceCheck'));
  }
  if (variables !== undefined)
    declared.set('variables', {
      kind: 'object',
      name: 'kubernetes.variables',
      field: (name) => variables.get(name),
    });
  return declared;
}

const typeText = (type: CelType): string => (type === celTypes.nullType ? 'null_type' : celTypes.typeText(type));

/** Compiler.CompileCELExpression: `results` are the types it may give; none: any. */
export function compileFor(
  expression: string,
  declared: ReadonlyMap<string, CelType>,
  results: readonly string[],
  literals = false,
): Result<Program, string> {
  const compiled = compile(expression, declared, literals);
  if (!compiled.ok) return err(`compilation failed: ${compiled.error}`);
  const type = typeText(compiled.value.type);
  if (results.length > 0 && !results.includes(type)) {
    const wanted = results.length === 1 ? results[0] : `one of [${results.join(' ')}]`;
    return err(`must evaluate to ${wanted} but got ${type}`);
  }
  const { unusable } = compiled.value;
  return unusable === undefined ? ok(compiled.value) : err(`program instantiation failed: ${unusable}`);
}
