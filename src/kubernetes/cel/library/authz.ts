import { fn, type Library } from '../functions';
import { parseType } from '../types';
import { CelError, Opaque, type Value } from '../values';

/** What an expression asks to be allowed. */
export interface AccessQuestion {
  /** Of a service account; absent: whoever makes the request. */
  readonly user?: string;
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
  readonly verb?: string;
}

export interface AccessDecision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly error?: string;
}

type Decide = (question: AccessQuestion) => AccessDecision;
interface Asked {
  readonly decide: Decide;
  readonly question: AccessQuestion;
}

const at = 'kubernetes.authorization';
const cost = 350_000;

const opaque = <T>(type: string, held: T): Opaque<T> => new Opaque(parseType(`${at}.${type}`), held, () => false);

/** The values of `authorizer` and `authorizer.requestResource`. */
export const authorizerValue = (decide: Decide): Value => opaque('Authorizer', { decide, question: {} });
export const resourceCheckValue = (decide: Decide, question: AccessQuestion): Value =>
  opaque('ResourceCheck', { decide, question });

const step = (signature: string, type: string, more: (value: string, other: string) => AccessQuestion) =>
  fn(signature, ([on, value, other]: readonly [Opaque<Asked>, string, string]) => {
    const { decide, question } = on.held;
    return opaque(type, { decide, question: { ...question, ...more(value, other) } });
  });

const check = (on: string) =>
  fn(`${at}.${on}.check(string): ${at}.Decision`, ([of, verb]: readonly [Opaque<Asked>, string], budget) => {
    budget.charge(cost);
    const { decide, question } = of.held;
    return opaque('Decision', decide({ ...question, verb }));
  });

/** The Kubernetes authorizer library. */
export const authz: Library = [
  step(`${at}.Authorizer.path(string): ${at}.PathCheck`, 'PathCheck', (path) => {
    if (path === '') throw new CelError('path must not be empty');
    return { path };
  }),
  step(`${at}.Authorizer.group(string): ${at}.GroupCheck`, 'GroupCheck', (group) => ({ group })),
  step(`${at}.Authorizer.serviceAccount(string, string): ${at}.Authorizer`, 'Authorizer', (namespace, name) => ({
    user: `system:serviceaccount:${namespace}:${name}`,
  })),
  step(`${at}.GroupCheck.resource(string): ${at}.ResourceCheck`, 'ResourceCheck', (resource) => ({ resource })),
  ...(['subresource', 'namespace', 'name', 'fieldSelector', 'labelSelector'] as const).map((member) =>
    step(`${at}.ResourceCheck.${member}(string): ${at}.ResourceCheck`, 'ResourceCheck', (value) => ({
      [member]: value,
    })),
  ),
  check('PathCheck'),
  check('ResourceCheck'),
  fn(`${at}.Decision.allowed(): bool`, ([of]: readonly [Opaque<AccessDecision>]) => of.held.allowed),
  fn(`${at}.Decision.reason(): string`, ([of]: readonly [Opaque<AccessDecision>]) => of.held.reason),
  fn(`${at}.Decision.errored(): bool`, ([of]: readonly [Opaque<AccessDecision>]) => of.held.error !== undefined),
  fn(`${at}.Decision.error(): string`, ([of]: readonly [Opaque<AccessDecision>]) => of.held.error ?? ''),
];
