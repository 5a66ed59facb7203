import type { Clock } from '../../../sim/clock';
import type { WebhookTransport } from '../admission/webhook/transport';
import { systemMasters } from '../authentication/user';
import type { ApiserverSettings } from '../settings';
import type { Storage } from '../storage';
import { abac } from './abac';
import { alwaysAllow, alwaysDeny, privilegedGroups, union, type Authorizer } from './authorizer';
import { nodeAuthorizer } from './node';
import { rbacOf } from './rbac/rbac';
import { WebhookAuthorizer } from './webhook';

/** What the authorizers of some modes need besides the store. */
interface Means {
  readonly settings: Pick<ApiserverSettings, 'abac' | 'authorizationWebhooks'>;
  readonly clock: Clock;
  readonly transport: WebhookTransport | undefined;
}

/** --authorization-mode of kube-apiserver as kubeadm writes it. */
export const defaultModes = ['Node', 'RBAC'];

/** The authorizers of a server in their order; system:masters come before all of them. */
export function authorizerOf(storage: Storage, wanted: readonly string[] = defaultModes, means?: Means): Authorizer {
  const webhooks = [...(means?.settings.authorizationWebhooks ?? [])];
  const made = wanted.flatMap((mode): readonly Authorizer[] => {
    switch (mode) {
      case 'Node':
        return [nodeAuthorizer(storage)];
      case 'RBAC':
        return [rbacOf(storage)];
      case 'ABAC':
        return [abac(means?.settings.abac ?? [])];
      case 'Webhook': {
        const webhook = webhooks.shift();
        if (webhook === undefined || means === undefined) return [];
        return [new WebhookAuthorizer(webhook, means.clock, means.transport)];
      }
      case 'AlwaysAllow':
        return [alwaysAllow];
      case 'AlwaysDeny':
        return [alwaysDeny];
      default:
        return [];
    }
  });
  return union([privilegedGroups(systemMasters), ...made]);
}

/** The same as the settings say, which may be others tomorrow. */
export function authorizerOfSettings(
  storage: Storage,
  settings: ApiserverSettings,
  clock: Clock,
  transport: WebhookTransport | undefined,
): Authorizer {
  let modesNow: readonly string[] | undefined;
  let made = authorizerOf(storage, []);
  const now = (): Authorizer => {
    const { authorizationModes } = settings;
    if (authorizationModes !== modesNow) {
      modesNow = authorizationModes;
      made = authorizerOf(storage, authorizationModes, { settings, clock, transport });
    }
    return made;
  };
  return {
    authorize: (attributes) => now().authorize(attributes),
    rulesFor: (user, namespace) => now().rulesFor?.(user, namespace) ?? { rules: [], incomplete: true, errors: [] },
  };
}
