import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { isDns1035Label, isDns1123Subdomain } from '../../apimachinery/names';
import type { Webhook, WebhookClientConfig } from '../admissionregistration/webhooks';
import { failurePolicies, goSlice, matchConditions, matchPolicies, ruleWithOperations } from './admission-rules';
import { labelSelector, oneOf, portRange } from './common';

const versions = ['v1', 'v1beta1'];
const noSideEffects = ['None', 'NoneOnDryRun'];
const anySideEffects = ['None', 'NoneOnDryRun', 'Some', 'Unknown'];
const form = '; desired format: https://host[/path]';

/** What an object that was stored long ago may go on having. */
interface Leniency {
  readonly sideEffects: boolean;
  readonly versions: boolean;
  readonly names: boolean;
  readonly conditions: boolean;
}

/** ValidateValidatingWebhookConfiguration and ValidateMutatingWebhookConfiguration; `old`: before an update. */
export function validateWebhooks(
  webhooks: readonly Webhook[],
  old: readonly Webhook[] | undefined,
  errors: FieldErrors,
): void {
  const lenient: Leniency = {
    sideEffects: old?.some(({ sideEffects }) => !noSideEffects.includes(sideEffects ?? '')) ?? false,
    versions: old?.some((hook) => !hook.admissionReviewVersions.some((each) => versions.includes(each))) ?? false,
    names: old !== undefined && new Set(old.map(({ name }) => name)).size < old.length,
    conditions:
      old !== undefined &&
      old.length === webhooks.length &&
      old.every((each, index) => equal(each.matchConditions, webhooks[index]?.matchConditions)),
  };
  const names = new Set<string>();
  webhooks.forEach((hook, index) => {
    const at = errors.index(index);
    validateWebhook(hook, lenient, at);
    reviewVersions(hook.admissionReviewVersions ?? [], lenient, at.at('admissionReviewVersions'));
    if (hook.name === undefined || hook.name === '' || lenient.names) return;
    if (names.has(hook.name)) at.at('name').duplicate(hook.name);
    names.add(hook.name);
  });
}

function validateWebhook(hook: Webhook, lenient: Leniency, errors: FieldErrors): void {
  fullyQualified(hook.name ?? '', errors.at('name'));
  hook.rules?.forEach((rule, index) => ruleWithOperations(rule, errors.at('rules').index(index)));
  oneOf(hook.failurePolicy ?? 'Fail', failurePolicies, errors.at('failurePolicy'));
  oneOf(hook.matchPolicy ?? 'Exact', matchPolicies, errors.at('matchPolicy'));
  const allowed = lenient.sideEffects ? anySideEffects : noSideEffects;
  if (hook.sideEffects === undefined || hook.sideEffects === null)
    errors.at('sideEffects').required(`must specify one of ${allowed.join(', ')}`);
  else oneOf(hook.sideEffects, allowed, errors.at('sideEffects'));
  const { timeoutSeconds: timeout } = hook;
  if (timeout !== undefined && (timeout < 1 || timeout > 30))
    errors.at('timeoutSeconds').invalid(timeout, 'the timeout value must be between 1 and 30 seconds');
  labelSelector(hook.namespaceSelector, errors.at('namespaceSelector'));
  labelSelector(hook.objectSelector, errors.at('objectSelector'));
  if (hook.reinvocationPolicy !== undefined)
    oneOf(hook.reinvocationPolicy, ['Never', 'IfNeeded'], errors.at('reinvocationPolicy'));
  clientConfig(hook.clientConfig ?? {}, errors.at('clientConfig'));
  if (!lenient.conditions) matchConditions(hook.matchConditions, false, errors.at('matchConditions'));
}

/** IsFullyQualifiedName. */
function fullyQualified(name: string, errors: FieldErrors): void {
  if (name === '') return errors.required('');
  const problems = isDns1123Subdomain(name);
  for (const text of problems) errors.invalid(name, text);
  if (problems.length === 0 && name.split('.').length < 3)
    errors.invalid(name, 'should be a domain with at least three segments separated by dots');
}

function reviewVersions(given: readonly string[], lenient: Leniency, errors: FieldErrors): void {
  if (given.length === 0) return errors.required(`must specify one of ${versions.join(', ')}`);
  const seen = new Set<string>();
  given.forEach((version, index) => {
    if (seen.has(version)) return errors.index(index).invalid(version, 'duplicate version');
    seen.add(version);
    for (const text of isDns1035Label(version)) errors.index(index).invalid(version, text);
  });
  if (!lenient.versions && !given.some((version) => versions.includes(version)))
    errors.invalid(goSlice('string', given), `must include at least one of ${versions.join(', ')}`);
}

function clientConfig({ url, service }: WebhookClientConfig, errors: FieldErrors): void {
  if ((url === undefined) === (service === undefined)) errors.required('exactly one of url or service is required');
  else if (url !== undefined) validateUrl(url, errors.at('url'));
  else if (service !== undefined) validateService(service, errors.at('service'));
}

/** webhook.ValidateWebhookURL, with as much of net/url as it needs. */
function validateUrl(url: string, errors: FieldErrors): void {
  const unparsable = urlProblem(url);
  if (unparsable !== undefined) return errors.required(`url must be a valid URL: ${unparsable}${form}`);
  const [, scheme = '', authority = '', , query = '', fragment = ''] =
    /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ?? [];
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  if (scheme.toLowerCase() !== 'https')
    errors.invalid(scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`);
  if (host === '') errors.invalid('', `host must be specified${form}`);
  if (at >= 0) errors.invalid(authority.slice(0, at), 'user information is not permitted in the URL');
  if (fragment !== '') errors.invalid(fragment, 'fragments are not permitted in the URL');
  if (query !== '') errors.invalid(query, 'query parameters are not permitted in the URL');
}

/** What url.Parse refuses. */
function urlProblem(url: string): string | undefined {
  const parse = (why: string): string => `parse ${JSON.stringify(url)}: ${why}`;
  if (/[\u0000-\u001f\u007f]/.test(url)) return parse('net/url: invalid control character in URL');
  if (url.startsWith(':')) return parse('missing protocol scheme');
  const escape = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(url)?.[0];
  if (escape !== undefined) return parse(`invalid URL escape ${JSON.stringify(escape)}`);
  const authority = /^[a-zA-Z][\w+.-]*:\/\/([^/?#]*)/.exec(url)?.[1]?.replace(/^.*@/, '') ?? '';
  if (/[ "<>^`{}|\\]/.test(authority))
    return parse(`invalid character ${JSON.stringify(/[ "<>^`{}|\\]/.exec(authority)?.[0])} in host name`);
  const port = /:([^:\]]*)$/.exec(authority)?.[1];
  if (port !== undefined && !/^\d*$/.test(port)) return parse(`invalid port ${JSON.stringify(`:${port}`)} after host`);
  if (!/^[a-zA-Z][\w+.-]*:/.test(url) && /^[^/]*:/.test(url))
    return parse('first path segment in URL cannot contain colon');
  return undefined;
}

/** webhook.ValidateWebhookService. */
function validateService(
  { name = '', namespace = '', path, port = 443 }: NonNullable<WebhookClientConfig['service']>,
  errors: FieldErrors,
): void {
  if (name === '') errors.at('name').required('service name is required');
  if (namespace === '') errors.at('namespace').required('service namespace is required');
  if (port < 1 || port > 65535) errors.at('port').invalid(port, `port is not valid: ${portRange}`);
  if (path === undefined || path === '/' || path === '') return;
  const at = errors.at('path');
  if (path === '//') return at.invalid(path, 'segment[0] may not be empty');
  if (!path.startsWith('/')) at.invalid(path, "must start with a '/'");
  path
    .slice(1)
    .replace(/\/$/, '')
    .split('/')
    .forEach((step, index) => {
      if (step === '') return at.invalid(path, `segment[${index}] may not be empty`);
      for (const text of isDns1123Subdomain(step)) at.invalid(path, `segment[${index}]: ${text}`);
    });
}
