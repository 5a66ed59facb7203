import type { AuditLog } from './audit/audit';
import type { User } from './authentication/user';
import { pluginsOnByDefault } from './admission/plugin-names';
import { defaultModes } from './authorization/modes';

/** What kube-apiserver's flags say, read with each request: the process that serves may start again with others. */
export interface ApiserverSettings {
  /** --authorization-mode */
  authorizationModes: readonly string[];
  /** --anonymous-auth */
  anonymous: boolean;
  /** --token-auth-file: users by their token. */
  tokens: ReadonlyMap<string, User>;
  /** --audit-policy-file, --audit-log-path */
  log: AuditLog | undefined;
  /** --enable-admission-plugins and --disable-admission-plugins, with what is on anyway. */
  admissionPlugins: ReadonlySet<string>;
}

export const defaultSettings = (): ApiserverSettings => ({
  authorizationModes: defaultModes,
  anonymous: true,
  tokens: new Map(),
  log: undefined,
  admissionPlugins: pluginsOnByDefault,
});
