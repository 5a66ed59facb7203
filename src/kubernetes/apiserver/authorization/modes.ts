import { systemMasters } from '../authentication/user';
import type { Storage } from '../storage';
import { alwaysAllow, alwaysDeny, privilegedGroups, union, type Authorizer } from './authorizer';
import { nodeAuthorizer } from './node';
import { rbacOf } from './rbac/rbac';

const modes: Readonly<Record<string, (storage: Storage) => Authorizer>> = {
  Node: nodeAuthorizer,
  RBAC: rbacOf,
  AlwaysAllow: () => alwaysAllow,
  AlwaysDeny: () => alwaysDeny,
};

/** --authorization-mode of kube-apiserver as kubeadm writes it. */
export const defaultModes = ['Node', 'RBAC'];

/** The authorizers of a server in their order; system:masters come before all of them. */
export const authorizerOf = (storage: Storage, wanted: readonly string[] = defaultModes): Authorizer =>
  union([privilegedGroups(systemMasters), ...wanted.flatMap((mode) => modes[mode]?.(storage) ?? [])]);

/** The same where the modes may be others tomorrow. */
export function authorizerOfModes(storage: Storage, wanted: () => readonly string[]): Authorizer {
  let modesNow: readonly string[] | undefined;
  let made = authorizerOf(storage, []);
  const now = (): Authorizer => {
    const modesWanted = wanted();
    if (modesWanted !== modesNow) {
      modesNow = modesWanted;
      made = authorizerOf(storage, modesWanted);
    }
    return made;
  };
  return {
    authorize: (attributes) => now().authorize(attributes),
    rulesFor: (user, namespace) => now().rulesFor?.(user, namespace) ?? { rules: [], incomplete: true, errors: [] },
  };
}
