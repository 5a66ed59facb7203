import { abacPolicies, type AbacPolicy } from '../../kubernetes/apiserver/authorization/abac';
import { compileMatchConditions } from '../../kubernetes/apiserver/authorization/match-conditions';
import type { AuthorizationWebhook } from '../../kubernetes/apiserver/authorization/webhook';
import type { PluginConfigurations } from '../../kubernetes/apiserver/admission/admission';
import { FieldErrors } from '../../kubernetes/apimachinery/field-errors';
import { yaml } from '../../kubernetes/apimachinery/yaml';
import { base64 } from '../../linux/net/tls/pem';
import type { Process } from '../../linux/process/types';
import { durationOf } from './component';

type Json = Readonly<Record<string, unknown>>;
type Flags = ReadonlyMap<string, string>;

interface AuthorizationSettings {
  readonly authorizationModes: readonly string[];
  readonly abac: readonly AbacPolicy[];
  readonly authorizationWebhooks: readonly AuthorizationWebhook[];
}

const minutes = 60_000;

/** --authorization-mode and what belongs to its modes, or --authorization-config; a text: why the server does not start. */
export function authorizationOf(
  process: Process,
  flags: Flags,
  modes: readonly string[],
): AuthorizationSettings | string {
  const config = flags.get('authorization-config');
  if (config !== undefined && config !== '') return authorizationConfig(process, config);
  let abac: readonly AbacPolicy[] = [];
  if (modes.includes('ABAC')) {
    const path = flags.get('authorization-policy-file') ?? '';
    if (path === '') return "authorization-mode ABAC's authorization policy file not passed";
    const text = read(process, path);
    if (!text.ok) return text.error;
    const policies = abacPolicies(path, text.value);
    if (typeof policies === 'string') return policies;
    abac = policies;
  }
  if (!modes.includes('Webhook')) return { authorizationModes: modes, abac, authorizationWebhooks: [] };
  const path = flags.get('authorization-webhook-config-file') ?? '';
  if (path === '') return "authorization-mode Webhook's authorization config file not passed";
  const server = kubeconfigServer(process, path);
  if (typeof server === 'string') return server;
  const webhook: AuthorizationWebhook = {
    ...server,
    version: flags.get('authorization-webhook-version') === 'v1' ? 'v1' : 'v1beta1',
    authorizedTtl: durationOf(flags.get('authorization-webhook-cache-authorized-ttl')) ?? 5 * minutes,
    unauthorizedTtl: durationOf(flags.get('authorization-webhook-cache-unauthorized-ttl')) ?? minutes / 2,
  };
  return { authorizationModes: modes, abac, authorizationWebhooks: [webhook] };
}

/** AuthorizationConfiguration. */
function authorizationConfig(process: Process, path: string): AuthorizationSettings | string {
  const text = read(process, path);
  if (!text.ok) return `failed to load AuthorizationConfiguration from file: ${text.error}`;
  const { authorizers } = mapOf(parse(text.value));
  if (!Array.isArray(authorizers) || authorizers.length === 0)
    return 'failed to load AuthorizationConfiguration from file: authorizers: Required value: at least one authorization mode must be defined';
  const webhooks: AuthorizationWebhook[] = [];
  const modes: string[] = [];
  for (const [index, authorizer] of authorizers.entries()) {
    const { type, webhook } = mapOf(authorizer);
    modes.push(String(type));
    if (type !== 'Webhook') continue;
    const settings = mapOf(webhook);
    const { connectionInfo, authorizedTTL, unauthorizedTTL, timeout, failurePolicy } = settings;
    const { subjectAccessReviewVersion, matchConditions } = settings;
    const server = kubeconfigServer(process, textOf(mapOf(connectionInfo)['kubeConfigFile']));
    if (typeof server === 'string') return server;
    const errors = new FieldErrors().at('authorizers').index(index).at('webhook');
    const expressions = (Array.isArray(matchConditions) ? matchConditions : []).map((each) =>
      textOf(mapOf(each)['expression']),
    );
    const conditions = compileMatchConditions(expressions, errors);
    const [problem] = errors.causes;
    if (problem !== undefined)
      return `failed to load AuthorizationConfiguration from file: ${problem.field ?? ''}: ${problem.message}`;
    webhooks.push({
      ...server,
      ...(expressions.length === 0 ? {} : { conditions }),
      version: subjectAccessReviewVersion === 'v1beta1' ? 'v1beta1' : 'v1',
      authorizedTtl: durationOf(textOf(authorizedTTL)) ?? 5 * minutes,
      unauthorizedTtl: durationOf(textOf(unauthorizedTTL)) ?? minutes / 2,
      timeout: durationOf(textOf(timeout)) ?? 30_000,
      onError: failurePolicy === 'Deny' ? 'Deny' : 'NoOpinion',
    });
  }
  return { authorizationModes: modes, abac: [], authorizationWebhooks: webhooks };
}

/** --admission-control-config-file: what each plugin is told. */
export function admissionConfigurations(process: Process, path: string | undefined): PluginConfigurations | string {
  const found = new Map<string, Json>();
  if (path === undefined || path === '') return found;
  const text = read(process, path);
  if (!text.ok)
    return `failed to read plugin config: unable to read admission control configuration from "${path}" [${text.error}]`;
  const { plugins } = mapOf(parse(text.value));
  for (const plugin of Array.isArray(plugins) ? plugins : []) {
    const { name, path: file, configuration } = mapOf(plugin);
    let content = mapOf(configuration);
    if (typeof file === 'string' && file !== '') {
      // A relative path is one beside the file that names it.
      const own = read(process, file.startsWith('/') ? file : `${path.slice(0, path.lastIndexOf('/'))}/${file}`);
      if (!own.ok) return own.error;
      content = mapOf(parse(own.value));
    }
    if (name === 'ImagePolicyWebhook') {
      const policy = imagePolicy(process, mapOf(content['imagePolicy']));
      if (typeof policy === 'string') return policy;
      content = policy;
    }
    found.set(String(name), content);
  }
  return found;
}

function imagePolicy(process: Process, policy: Json): Json | string {
  const server = kubeconfigServer(process, textOf(policy['kubeConfigFile']));
  if (typeof server === 'string') return server;
  const seconds = (value: unknown, otherwise: number): number =>
    typeof value === 'number' && value > 0 ? value * 1000 : otherwise;
  return {
    ...server,
    allowTTL: seconds(policy['allowTTL'], 5 * minutes),
    denyTTL: seconds(policy['denyTTL'], minutes / 2),
    defaultAllow: policy['defaultAllow'] === true,
  };
}

/** Where the server of a kubeconfig's current context is, and whom it is believed by. */
function kubeconfigServer(
  process: Process,
  path: string,
): { readonly url: string; readonly caBundle?: string } | string {
  const text = read(process, path);
  if (!text.ok) return text.error;
  const config = mapOf(parse(text.value));
  const named = (list: unknown, name: unknown): Json | undefined =>
    (Array.isArray(list) ? list : []).map(mapOf).find((each) => name === undefined || each['name'] === name);
  const context = mapOf(named(config['contexts'], config['current-context'])?.['context']);
  const cluster = mapOf(
    (named(config['clusters'], context['cluster']) ?? named(config['clusters'], undefined))?.['cluster'],
  );
  const url = textOf(cluster['server']);
  if (url === '')
    return `invalid configuration: no server found for cluster ${JSON.stringify(context['cluster'] ?? '')}`;
  const data = textOf(cluster['certificate-authority-data']);
  const file = textOf(cluster['certificate-authority']);
  if (data !== '' || file === '') return data === '' ? { url } : { url, caBundle: data };
  const pem = read(process, file.startsWith('/') ? file : `${path.slice(0, path.lastIndexOf('/'))}/${file}`);
  return pem.ok ? { url, caBundle: base64(new TextEncoder().encode(pem.value)) } : pem.error;
}

type Text = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly error: string };

function read(process: Process, path: string): Text {
  const text = process.fs.readText(path);
  return text.ok ? text : { ok: false, error: `open ${path}: ${text.error.message.toLowerCase()}` };
}

function parse(text: string): unknown {
  try {
    return yaml().parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const mapOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
