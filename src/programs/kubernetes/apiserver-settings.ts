import { admissionPlugins } from '../../kubernetes/apiserver/admission/plugin-names';
import { loadPolicy } from '../../kubernetes/apiserver/audit/policy';
import type { AuditLog } from '../../kubernetes/apiserver/audit/audit';
import type { User } from '../../kubernetes/apiserver/authentication/user';
import { defaultSettings, type ApiserverSettings } from '../../kubernetes/apiserver/settings';
import { admissionConfigurations, authorizationOf } from './outside-settings';
import type { Process } from '../../linux/process/types';

const knownModes = ['ABAC', 'AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC', 'Webhook'];

/** What the flags of a kube-apiserver say; text: why it does not start. */
export function settingsOf(process: Process, flags: ReadonlyMap<string, string>): ApiserverSettings | string {
  const defaults = defaultSettings();
  const modes = flags.get('authorization-mode')?.split(',') ?? defaults.authorizationModes;
  const unknown = modes.find((mode) => !knownModes.includes(mode));
  if (unknown !== undefined) return `authorization-mode ${JSON.stringify(unknown)} is not a valid mode`;
  const twice = modes.find((mode, index) => modes.indexOf(mode) !== index);
  if (twice !== undefined) return `authorization-mode ${JSON.stringify(modes)} has mode specified more than once`;
  const log = auditLogOf(process, flags);
  if (typeof log === 'string') return log;
  const named = (flag: string): readonly string[] => (flags.get(flag) ?? '').split(',').filter((name) => name !== '');
  const plugins = admissionPlugins(named('enable-admission-plugins'), named('disable-admission-plugins'));
  if (typeof plugins === 'string') return plugins;
  const tokens = tokensOf(process, flags.get('token-auth-file'));
  if (typeof tokens === 'string') return tokens;
  const authorization = authorizationOf(process, flags, modes);
  if (typeof authorization === 'string') return authorization;
  const configurations = admissionConfigurations(process, flags.get('admission-control-config-file'));
  if (typeof configurations === 'string') return configurations;
  if (plugins.has('ImagePolicyWebhook') && !configurations.has('ImagePolicyWebhook'))
    return `failed to initialize admission: couldn't init admission plugin "ImagePolicyWebhook": no config specified`;
  return {
    admissionPlugins: plugins,
    admissionConfigurations: configurations,
    ...authorization,
    anonymous: flags.get('anonymous-auth') !== 'false',
    runtimeConfig: switchedOn(flags.get('runtime-config')),
    featureGates: switchedOn(flags.get('feature-gates')),
    tokens,
    log,
  };
}

/** `A=true,B=false`: what is on. */
const switchedOn = (flag = ''): ReadonlySet<string> =>
  new Set(flag.split(',').flatMap((each) => /^(.+)=(true|1)$/.exec(each.trim())?.[1] ?? []));

/** tokenfile.NewCSV: `token,user,uid,"group1,group2"`. */
function tokensOf(process: Process, file: string | undefined): ReadonlyMap<string, User> | string {
  const tokens = new Map<string, User>();
  if (file === undefined) return tokens;
  const text = process.fs.readText(file);
  if (!text.ok) return `open ${file}: ${text.error.message.toLowerCase()}`;
  for (const line of text.value.split('\n')) {
    if (line.trim() === '') continue;
    const [token = '', name = '', uid, groups = ''] = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
      ([, inQuotes, plain]) => (inQuotes ?? plain ?? '').trim(),
    );
    if (uid === undefined)
      return `token file '${file}' must have at least 3 columns (token, user name, user uid), found ${line.split(',').length}`;
    if (token !== '') tokens.set(token, { name, uid, groups: groups.split(',').filter((group) => group !== '') });
  }
  return tokens;
}

/** Events go to the file one by one (--audit-log-mode=blocking); `-` is the component's own output. */
function auditLogOf(process: Process, flags: ReadonlyMap<string, string>): AuditLog | string | undefined {
  const file = flags.get('audit-policy-file');
  const path = flags.get('audit-log-path');
  if (file === undefined) return undefined;
  const text = process.fs.readText(file);
  if (!text.ok)
    return `loading audit policy file: failed to read file path ${JSON.stringify(file)}: open ${file}: ${text.error.message.toLowerCase()}`;
  const policy = loadPolicy(text.value);
  if (!policy.ok) return `loading audit policy file: ${policy.error}: from file ${file}`;
  if (path === undefined || path === '') return undefined;
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (folder !== '') process.fs.mkdirAll(folder);
  return {
    policy: policy.value,
    write: (line) => {
      if (path === '-') void process.stdout.write(`${line}\n`);
      else process.fs.appendFile(path, `${line}\n`);
    },
  };
}
