import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { isDns1035Label } from '../../apimachinery/names';
import type { CustomResourceConversion } from './types';

const known = ['v1', 'v1beta1'];

/** validateCustomResourceConversion. The paths are those of the internal type: without `webhook` and `clientConfig`. */
export function validateConversion(
  conversion: CustomResourceConversion | undefined,
  old: CustomResourceConversion | undefined,
  errors: FieldErrors,
): void {
  if (conversion === undefined) return;
  const { strategy = '', webhook } = conversion;
  if (strategy === '') errors.at('strategy').required('');
  else if (strategy !== 'None' && strategy !== 'Webhook')
    errors.at('strategy').notSupported(strategy, ['None', 'Webhook']);
  const client = errors.at('webhookClientConfig');
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== 'Webhook') {
    const why = 'should not be set when strategy is not set to Webhook';
    if (webhook?.clientConfig !== undefined) client.forbidden(why);
    if (versions.length > 0) errors.at('conversionReviewVersions').forbidden(why);
    return;
  }
  const config = webhook?.clientConfig;
  if (config === undefined) client.required('required when strategy is set to Webhook');
  else if ((config.url === undefined) === (config.service === undefined))
    client.required('exactly one of url or service is required');
  else if (config.url !== undefined) validateUrl(config.url, client.at('url'));
  else if (config.service !== undefined) validateService(config.service, client.at('service'));
  const before = old?.webhook?.conversionReviewVersions ?? [];
  validateReviewVersions(
    versions,
    before.length === 0 || before.some((version) => known.includes(version)),
    errors.at('conversionReviewVersions'),
  );
}

function validateReviewVersions(versions: readonly string[], recognized: boolean, errors: FieldErrors): void {
  if (versions.length === 0) return errors.required('');
  const seen = new Set<string>();
  versions.forEach((version, index) => {
    if (seen.has(version)) return errors.index(index).invalid(version, 'duplicate version');
    seen.add(version);
    for (const text of isDns1035Label(version)) errors.index(index).invalid(version, text);
  });
  if (recognized && !versions.some((version) => known.includes(version)))
    errors.invalid(
      new GoText(`[]string{${versions.map(goQuote).join(', ')}}`),
      `must include at least one of ${known.join(', ')}`,
    );
}

/** webhook.ValidateWebhookURL. */
function validateUrl(url: string, errors: FieldErrors): void {
  const form = '; desired format: https://host[/path]';
  const found =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(url);
  const [, scheme = '', user, host = '', , query = '', fragment = ''] = found ?? [];
  if (scheme !== 'https') errors.invalid(scheme, `'https' is the only allowed URL scheme${form}`);
  if (host === '') errors.invalid(host, `host must be specified${form}`);
  if (user !== undefined) errors.invalid(user, `user information is not permitted in the URL`);
  if (fragment !== '') errors.invalid(fragment, `fragments are not permitted in the URL`);
  if (query !== '') errors.invalid(query, `query parameters are not permitted in the URL`);
}

/** webhook.ValidateWebhookService. */
function validateService(
  service: { readonly name: string; readonly namespace: string; readonly path?: string; readonly port?: number },
  errors: FieldErrors,
): void {
  if ((service.name ?? '') === '') errors.at('name').required('service name is required');
  if ((service.namespace ?? '') === '') errors.at('namespace').required('service namespace is required');
  const port = service.port ?? 443;
  if (port < 1 || port > 65535)
    errors.at('port').invalid(port, 'port is not valid: must be between 1 and 65535, inclusive');
  const { path } = service;
  if (path === undefined || path === '/') return;
  const at = errors.at('path');
  if (path === '') return at.invalid('', "must start with a '/'");
  if (!path.startsWith('/')) at.invalid(path, "must start with a '/'");
  const steps = path.slice(1, path.endsWith('/') ? -1 : undefined).split('/');
  steps.forEach((step, index) => {
    if (step === '') at.invalid(path, `segment[${index}] may not be empty`);
  });
}
