import type { FieldErrors } from '../../apimachinery/field-errors';
import { isDns1123Subdomain } from '../../apimachinery/names';
import type { PodSpec } from '../core/pod-spec';

type Options = Readonly<Record<string, unknown>>;

const MAX_SPEC_KIB = 64;
const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const domainName = /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const forbidden = /["/\\:;|=,+*?<>@[\]]/;

/** validateWindowsSecurityContextOptions. */
export function validateWindowsOptions(options: Options | undefined, errors: FieldErrors): void {
  if (options === undefined) return;
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  if (typeof name === 'string')
    for (const text of isDns1123Subdomain(name)) errors.at('gmsaCredentialSpecName').invalid(name, text);
  if (typeof spec === 'string') {
    const at = errors.at('gmsaCredentialSpec');
    if (spec === '') at.invalid(spec, 'gmsaCredentialSpec cannot be an empty string');
    else if (spec.length > MAX_SPEC_KIB * 1024)
      at.invalid(spec, `gmsaCredentialSpec size must be under ${MAX_SPEC_KIB} KiB`);
  }
  if (typeof user === 'string')
    for (const text of userNameProblems(user)) errors.at('runAsUserName').invalid(user, text);
}

function userNameProblems(name: string): readonly string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if (/\p{Cc}/u.test(name)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const found: string[] = [];
  if (domain !== undefined) {
    if (domain.length >= 256) found.push("runAsUserName's Domain length must be under 256 characters");
    if (!netBios.test(domain) && !domainName.test(domain))
      found.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') found.push("runAsUserName's User cannot be empty");
  else if (user.length > 104) found.push("runAsUserName's User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user)) found.push("runAsUserName's User cannot contain only periods or spaces");
  if (forbidden.test(user))
    found.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  return found;
}

/** validateWindowsHostProcessPod. */
export function validateHostProcess(spec: PodSpec, errors: FieldErrors): void {
  const said = (context: { readonly windowsOptions?: Options } | undefined): unknown =>
    context?.windowsOptions?.['hostProcess'];
  const ofPod = said(spec.securityContext);
  let all = 0;
  let host = 0;
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    spec[field]?.forEach(({ securityContext }, index) => {
      all++;
      const own = said(securityContext);
      if (ofPod !== undefined && own !== undefined && ofPod !== own)
        errors
          .at(field)
          .index(index)
          .at('securityContext')
          .at('windowsOptions')
          .at('hostProcess')
          .invalid(own, `pod hostProcess value must be identical if both are specified, was ${String(ofPod)}`);
      if ((own ?? ofPod) === true) host++;
    });
  if (host === 0) return;
  if (host !== all)
    errors.invalid('', 'If pod contains any hostProcess containers then all containers must be HostProcess containers');
  if (spec.hostNetwork !== true)
    errors.at('hostNetwork').invalid(false, 'hostNetwork must be true if pod contains any hostProcess containers');
}
