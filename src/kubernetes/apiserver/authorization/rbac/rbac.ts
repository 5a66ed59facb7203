import {
  clusterRole,
  clusterRoleBinding,
  role,
  roleBinding,
  type PolicyRule,
  type RoleBinding,
  type RoleRef,
} from '../../../api/rbac/rbac';
import type { ApiObject } from '../../../apimachinery/object';
import { qualified } from '../../../apimachinery/status';
import type { User } from '../../authentication/user';
import { serviceAccountName } from '../../authentication/user';
import type { Storage } from '../../storage';
import { noOpinion, type Attributes, type Authorizer, type Rules, type Verdict } from '../authorizer';
import { ruleAllows } from './rule';

/** A binding as one of its subjects meets it. */
interface Grant {
  /** `ClusterRoleBinding "x"` or `RoleBinding "x/ns"`, as reasons name it. */
  readonly binding: string;
  readonly key: string;
  readonly roleRef: RoleRef;
  readonly subject: string;
}

/** Of whom to look for grants, and in which namespace: empty for bindings of the cluster. */
const slot = (namespace: string, kind: 'User' | 'Group', name: string): string => `${namespace}\n${kind}\n${name}`;

/** What decides who may do what. */
const decisive = new Set([clusterRoleBinding, roleBinding, clusterRole, role].map(({ names }) => names.kind));
const decides = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && decisive.has((value as ApiObject).kind);

/** Names of resources and namespaces are the asker's own. */
const MOST_ANSWERS = 1_000;

/**
 * The RBAC authorizer: plugin/pkg/auth/authorizer/rbac. Bindings are filed by subject as they come and go, so a question
 * costs a look per group of the user and the rules behind what is found there, however many bindings a cluster has.
 */
export class RbacAuthorizer implements Authorizer {
  readonly #grants = new Map<string, Grant[]>();
  /** What was answered since roles or bindings last changed, by who asked, then by what was asked but for the name. */
  #answers = new WeakMap<User, Map<string, Verdict>>();
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    const kinds = [clusterRoleBinding, roleBinding].filter((kind) =>
      storage.kinds.some(({ resource }) => resource === kind.resource),
    );
    for (const kind of kinds) for (const binding of storage.served(kind).cacher.list()) this.#add(binding);
    storage.store.subscribe(({ key, current, previous }) => {
      // Of every write in the cluster: so kinds first, which are looked up by identity, and not the letters of keys.
      if (!decides(current?.value) && !decides(previous?.value)) return;
      this.#answers = new WeakMap();
      if (!key.startsWith(roleBinding.prefix) && !key.startsWith(clusterRoleBinding.prefix)) return;
      if (isBinding(previous?.value)) this.#remove(previous.value);
      if (isBinding(current?.value)) this.#add(current.value);
    });
  }

  authorize(attributes: Attributes): Verdict {
    if (!attributes.isResource) return this.#judge(attributes).verdict;
    const { user, verb, group, resource, subresource, namespace } = attributes;
    // With lengths, as each of them may have anything in it.
    const lengths = `${verb.length} ${group.length} ${resource.length} ${subresource.length}`;
    const question = `${lengths} ${verb}${group}${resource}${subresource}${namespace}`;
    let answers = this.#answers.get(user);
    const known = answers?.get(question);
    if (known !== undefined) return known;
    const { verdict, named } = this.#judge(attributes);
    if (named) return verdict;
    if (answers === undefined) this.#answers.set(user, (answers = new Map()));
    if (answers.size < MOST_ANSWERS) answers.set(question, verdict);
    return verdict;
  }

  /** `named`: another name might have got another answer. */
  #judge(attributes: Attributes): { readonly verdict: Verdict; readonly named: boolean } {
    let errors: string[] | undefined;
    let named = false;
    const { user, namespace } = attributes;
    const look = (where: string): Verdict | undefined => {
      for (const grant of this.#grantsOf(user, where)) {
        const rules = this.#rulesOf(grant.roleRef, where);
        if (typeof rules === 'string') {
          (errors ??= []).push(rules);
          continue;
        }
        for (const rule of rules) {
          const [name] = rule.resourceNames ?? [];
          if (name !== undefined && ruleAllows({ ...attributes, name }, rule)) named = true;
          if (ruleAllows(attributes, rule)) return { decision: 'Allow', reason: reasonOf(grant) };
        }
      }
      return undefined;
    };
    const found = look('') ?? (namespace === '' ? undefined : look(namespace));
    if (found !== undefined) return { verdict: found, named };
    if (errors === undefined) return { verdict: noOpinion, named };
    return { verdict: { decision: 'NoOpinion', reason: `RBAC: ${aggregate(errors)}` }, named };
  }

  rulesFor(user: User, namespace: string): Rules {
    const rules: PolicyRule[] = [];
    const errors: string[] = [];
    for (const where of namespace === '' ? [''] : ['', namespace])
      for (const { roleRef } of sortedGrants(this.#grantsOf(user, where))) {
        const found = this.#rulesOf(roleRef, where);
        if (typeof found === 'string') errors.push(found);
        else rules.push(...found);
      }
    return { rules, errors: errors.length === 0 ? [] : [aggregate(errors)], incomplete: false };
  }

  /** GetRoleReferenceRules; text: why there are none. */
  rulesOfRole(roleRef: RoleRef, namespace: string): readonly PolicyRule[] | string {
    return this.#rulesOf(roleRef, namespace);
  }

  #grantsOf({ name, groups }: User, namespace: string): readonly Grant[] {
    const found: Grant[] = [];
    const add = (grants: readonly Grant[] | undefined): void => {
      if (grants === undefined) return;
      for (const grant of grants) if (!found.some(({ key }) => key === grant.key)) found.push(grant);
    };
    add(this.#grants.get(slot(namespace, 'User', name)));
    for (const group of groups) add(this.#grants.get(slot(namespace, 'Group', group)));
    return found;
  }

  #rulesOf({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | string {
    const found =
      kind === 'Role' ? this.#storage.get(role, namespace, name) : this.#storage.get(clusterRole, undefined, name);
    if (found !== undefined) return found.rules ?? [];
    // The listers name the kind, not the resource.
    const { group } = role.names;
    return `${qualified({ group, plural: kind === 'Role' ? 'role' : 'clusterrole' })} ${JSON.stringify(name)} not found`;
  }

  #add(binding: RoleBinding): void {
    const { namespace = '', name } = binding.metadata;
    const key = `${namespace}/${name}`;
    const title =
      namespace === ''
        ? `ClusterRoleBinding ${JSON.stringify(name)}`
        : `RoleBinding ${JSON.stringify(`${name}/${namespace}`)}`;
    for (const [where, subject] of slotsOf(binding)) {
      const grants = this.#grants.get(where) ?? [];
      if (grants.some((each) => each.key === key)) continue;
      this.#grants.set(where, [...grants, { binding: title, key, roleRef: binding.roleRef, subject }]);
    }
  }

  #remove(binding: RoleBinding): void {
    const { namespace = '', name } = binding.metadata;
    for (const [where] of slotsOf(binding)) {
      const left = (this.#grants.get(where) ?? []).filter(({ key }) => key !== `${namespace}/${name}`);
      if (left.length === 0) this.#grants.delete(where);
      else this.#grants.set(where, left);
    }
  }
}

const isBinding = (value: unknown): value is RoleBinding =>
  typeof value === 'object' && value !== null && (value as ApiObject).metadata !== undefined && 'roleRef' in value;

/** Where a binding is filed, and how reasons name the subject (describeSubject). */
function slotsOf({ metadata, subjects = [] }: RoleBinding): readonly (readonly [string, string])[] {
  const { namespace = '' } = metadata;
  return (subjects ?? []).flatMap((subject) => {
    if (subject.kind === 'User' || subject.kind === 'Group')
      return [
        [slot(namespace, subject.kind, subject.name), `${subject.kind} ${JSON.stringify(subject.name)}`] as const,
      ];
    if (subject.kind !== 'ServiceAccount') return [];
    const home = (subject.namespace ?? '') === '' ? namespace : (subject.namespace ?? '');
    if (home === '') return [];
    const who = `ServiceAccount ${JSON.stringify(`${subject.name}/${home}`)}`;
    return [[slot(namespace, 'User', serviceAccountName(home, subject.name)), who] as const];
  });
}

const reasonOf = ({ binding, roleRef: { kind, name }, subject }: Grant): string =>
  `RBAC: allowed by ${binding} of ${kind} ${JSON.stringify(name)} to ${subject}`;

/** As a list of the bindings would have them. */
const sortedGrants = (grants: readonly Grant[]): readonly Grant[] =>
  [...grants].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

/** utilerrors.Aggregate.Error: each text once. */
function aggregate(errors: readonly string[]): string {
  const texts = [...new Set(errors)];
  return texts.length === 1 ? `${texts[0]}` : `[${texts.join(', ')}]`;
}

const known = new WeakMap<Storage, RbacAuthorizer>();

/** The one authorizer of a storage; it begins to follow bindings when somebody first asks. */
export function rbacOf(storage: Storage): RbacAuthorizer {
  let found = known.get(storage);
  if (found === undefined) known.set(storage, (found = new RbacAuthorizer(storage)));
  return found;
}
