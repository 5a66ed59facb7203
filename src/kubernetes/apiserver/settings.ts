import type { AuditLog } from './audit/audit';
import type { User } from './authentication/user';
import type { PluginConfigurations } from './admission/admission';
import { pluginsOnByDefault } from './admission/plugin-names';
import type { AbacPolicy } from './authorization/abac';
import { defaultModes } from './authorization/modes';
import type { AuthorizationWebhook } from './authorization/webhook';

/** What kube-apiserver's flags say, read with each request: the process that serves may start again with others. */
export interface ApiserverSettings {
  /** --authorization-mode */
  authorizationModes: readonly string[];
  /** --authorization-policy-file, for ABAC */
  abac: readonly AbacPolicy[];
  /** --authorization-webhook-config-file, or those of --authorization-config: one for each Webhook among the modes. */
  authorizationWebhooks: readonly AuthorizationWebhook[];
  /** --anonymous-auth */
  anonymous: boolean;
  /** --runtime-config: `admissionregistration.k8s.io/v1alpha1` and others that are off by default. */
  runtimeConfig: ReadonlySet<string>;
  /** --feature-gates that are on. */
  featureGates: ReadonlySet<string>;
  /** --token-auth-file: users by their token. */
  tokens: ReadonlyMap<string, User>;
  /** --audit-policy-file, --audit-log-path */
  log: AuditLog | undefined;
  /** --enable-admission-plugins and --disable-admission-plugins, with what is on anyway. */
  admissionPlugins: ReadonlySet<string>;
  /** --admission-control-config-file: by the plugins' names. */
  admissionConfigurations: PluginConfigurations;
}

export const defaultSettings = (): ApiserverSettings => ({
  authorizationModes: defaultModes,
  abac: [],
  authorizationWebhooks: [],
  anonymous: true,
  runtimeConfig: new Set(),
  featureGates: new Set(),
  tokens: new Map(),
  log: undefined,
  admissionPlugins: pluginsOnByDefault,
  admissionConfigurations: new Map(),
});
