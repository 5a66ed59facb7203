import type { User } from '../authentication/user';
import type { PolicyRule } from '../../api/rbac/rbac';

/** What somebody wants to do: authorizer.AttributesRecord. Members that do not apply are empty. */
export interface Attributes {
  readonly user: User;
  readonly verb: string;
  /** False: `path` is no resource (`/healthz`). */
  readonly isResource: boolean;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty: at the cluster scope. */
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  /** What lists, watches and deletions of collections say they want to see (AuthorizeWithSelectors). */
  readonly fields?: ReadonlyMap<string, string>;
}

export type Decision = 'Allow' | 'Deny' | 'NoOpinion';

export interface Verdict {
  readonly decision: Decision;
  readonly reason: string;
  /** What kept the authorizer from looking everywhere: `status.evaluationError` of reviews. */
  readonly error?: string;
  /** Somebody was asked who has not answered yet: after this the same question has an answer. */
  readonly until?: Promise<void>;
}

/** A verdict when everybody who is asked has answered. */
export async function decided(authorizer: Authorizer, attributes: Attributes): Promise<Verdict> {
  let verdict = authorizer.authorize(attributes);
  for (let asked = 0; verdict.until !== undefined && asked < 10; asked++) {
    await verdict.until;
    verdict = authorizer.authorize(attributes);
  }
  return verdict;
}

/** One of --authorization-mode. */
export interface Authorizer {
  authorize(attributes: Attributes): Verdict;
  /** What a user may do in a namespace, for SelfSubjectRulesReview; absent where it cannot be told. */
  rulesFor?(user: User, namespace: string): Rules;
}

export interface Rules {
  readonly rules: readonly PolicyRule[];
  readonly incomplete: boolean;
  readonly errors: readonly string[];
}

export const noOpinion: Verdict = { decision: 'NoOpinion', reason: '' };
export const allowed: Verdict = { decision: 'Allow', reason: '' };

/** union.New: the first that has an opinion decides. */
export function union(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize(attributes) {
      let reason = '';
      let error = '';
      for (const each of authorizers) {
        const verdict = each.authorize(attributes);
        if (verdict.decision !== 'NoOpinion' || verdict.until !== undefined) return verdict;
        if (verdict.reason !== '') reason = reason === '' ? verdict.reason : `${reason}\n${verdict.reason}`;
        if (verdict.error !== undefined) error = error === '' ? verdict.error : `${error}, ${verdict.error}`;
      }
      if (reason === '' && error === '') return noOpinion;
      return { decision: 'NoOpinion', reason, ...(error === '' ? {} : { error }) };
    },
    rulesFor(user, namespace) {
      const all = authorizers.flatMap((each) => each.rulesFor?.(user, namespace) ?? []);
      return {
        rules: all.flatMap(({ rules }) => rules),
        incomplete: all.some(({ incomplete }) => incomplete),
        errors: all.flatMap(({ errors }) => errors),
      };
    },
  };
}

/** authorizerfactory.NewPrivilegedGroups: these may do everything, whatever RBAC says. */
export const privilegedGroups = (...groups: readonly string[]): Authorizer => ({
  authorize: ({ user }) => (groups.some((group) => user.groups.includes(group)) ? allowed : noOpinion),
});

/** --authorization-mode=AlwaysAllow. */
export const alwaysAllow: Authorizer = {
  authorize: () => allowed,
  rulesFor: () => ({
    rules: [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ],
    incomplete: false,
    errors: [],
  }),
};

/** --authorization-mode=AlwaysDeny. */
export const alwaysDeny: Authorizer = {
  authorize: () => ({ decision: 'NoOpinion', reason: 'Everything is forbidden.' }),
  rulesFor: () => ({ rules: [], incomplete: false, errors: [] }),
};
