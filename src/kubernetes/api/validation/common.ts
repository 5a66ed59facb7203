import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
  validateLabels,
} from '../../apimachinery/names';
import type { LabelSelector } from '../../apimachinery/object';
import { ok } from '../../../sim/result';
import { parseQuantity, quantityText, type Quantity } from '../../apimachinery/quantity';

/** Rules that several kinds share: pkg/apis/core/validation and k8s.io/apimachinery/pkg/apis/meta/v1/validation. */
export const inRange = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;
export const portRange = inRange(1, 65535);
export const notNegative = 'must be greater than or equal to 0';

export function nonNegative(value: number | undefined, errors: FieldErrors): void {
  if (value !== undefined && value < 0) errors.invalid(value, notNegative);
}

export function subdomain(value: string, errors: FieldErrors): void {
  for (const text of isDns1123Subdomain(value)) errors.invalid(value, text);
}
export function label(value: string, errors: FieldErrors): void {
  for (const text of isDns1123Label(value)) errors.invalid(value, text);
}
export function qualifiedName(value: string, errors: FieldErrors): void {
  for (const text of isQualifiedName(value)) errors.invalid(value, text);
}

/** A value of an enumeration; the supported ones are told in byte order. */
export function oneOf(value: string, supported: readonly string[], errors: FieldErrors): void {
  if (!supported.includes(value)) errors.notSupported(value, [...supported].sort());
}

/** An IP address of either family: netutils.ParseIPSloppy. */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}
export const isIpv4 = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
export function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const width = groups.length + (isIpv4(last) ? 1 : 0);
  const good = groups.every(
    (group, index) => /^[0-9a-fA-F]{1,4}$/.test(group) || (index === groups.length - 1 && isIpv4(group)),
  );
  return good && (halves.length === 2 ? width < 8 : width === 8);
}
export const notAnIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** IsValidPortName: of container ports and what refers to them. */
export function portNameProblems(name: string): readonly string[] {
  const found: string[] = [];
  if (name.length > 15) found.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) found.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) found.push('must contain at least one letter (a-z)');
  if (name.includes('--')) found.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) found.push('must not begin or end with a hyphen');
  return found;
}

/** ValidatePortNumOrName. */
export function portNumberOrName(port: number | string | undefined, errors: FieldErrors): void {
  if (typeof port === 'string') for (const text of portNameProblems(port)) errors.invalid(port, text);
  else if (port === undefined || port < 1 || port > 65535) errors.invalid(port ?? 0, portRange);
}

/** unversionedvalidation.ValidateLabelSelector. */
export function labelSelector(selector: LabelSelector | undefined, errors: FieldErrors): void {
  if (selector === undefined) return;
  validateLabels(selector.matchLabels, errors.at('matchLabels'));
  selector.matchExpressions?.forEach((requirement, index) => {
    const at = errors.at('matchExpressions').index(index);
    validateRequirement(requirement, at, ({ operator }) =>
      at.at('operator').invalid(operator ?? '', 'not a valid selector operator'),
    );
  });
}

interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

/** A requirement of labels, of an object's or of a node's, which has operators of its own: `others` sees to those. */
export function validateRequirement(
  requirement: Requirement,
  errors: FieldErrors,
  others: (requirement: Requirement) => void,
): void {
  const { key = '', operator, values = [] } = requirement;
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.at('values').required("must be specified when `operator` is 'In' or 'NotIn'");
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0)
        errors.at('values').forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      break;
    default:
      others(requirement);
  }
  for (const text of isQualifiedName(key)) errors.at('key').invalid(key, text);
  values.forEach((value, position) => {
    for (const text of isValidLabelValue(value)) errors.at('values').index(position).invalid(value, text);
  });
}

/** A key of a ConfigMap or Secret: IsConfigMapKey. */
export function configKeyProblems(key: string): readonly string[] {
  const found: string[] = [];
  if (key.length > 253) found.push('must be no more than 253 characters');
  if (!/^[-._a-zA-Z0-9]+$/.test(key))
    found.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  if (key === '.') found.push("must not be '.'");
  else if (key === '..') found.push("must not be '..'");
  else if (key.startsWith('..')) found.push("must not start with '..'");
  return found;
}

/** `%#v` of a map[string]string. */
export function goMap(map: Readonly<Record<string, string>> | undefined): string {
  if (map === undefined) return 'map[string]string(nil)';
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(map[key])}`);
  return `map[string]string{${entries.join(', ')}}`;
}

/** IsDomainPrefixedPath: `acme.io/foo`. */
export function domainPrefixedPath(path: string, errors: FieldErrors): void {
  if (path === '') return errors.required('');
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1)
    return errors.invalid(path, 'must be a domain-prefixed path (such as "acme.io/foo")');
  const host = path.slice(0, slash);
  for (const text of isDns1123Subdomain(host)) errors.invalid(host, text);
  const rest = path.slice(slash + 1);
  if (!/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest))
    errors.invalid(rest, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')");
}

/** Keys of ValidateAnnotations. */
export function annotationNames(annotations: Readonly<Record<string, string>> | undefined, errors: FieldErrors): void {
  for (const key in annotations) for (const text of isQualifiedName(key.toLowerCase())) errors.invalid(key, text);
}

/**
 * ValidateNonnegativeQuantity and the like print quantities as Go has them. `printed`: somebody has asked for its text
 * before, which is then kept.
 */
export function goQuantity(given: string | Quantity, printed = true): GoText {
  const parsed = typeof given === 'string' ? parseQuantity(given) : ok(given);
  if (!parsed.ok) return new GoText(goQuote(String(given)));
  const { unscaled, scale, format, text } = parsed.value;
  const kept = text ?? (printed ? quantityText(parsed.value) : '');
  return new GoText(
    `resource.Quantity{i:resource.int64Amount{value:${unscaled}, scale:${scale}}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:${goQuote(kept)}, Format:"${format}"}`,
  );
}

/** validateLocalDescendingPath. */
export function descendingPath(path: string, errors: FieldErrors): void {
  if (path.startsWith('/')) errors.invalid(path, 'must be a relative path');
  if (path.split('/').includes('..')) errors.invalid(path, "must not contain '..'");
}

const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** validateFinalizerName. */
export function finalizerName(name: string, errors: FieldErrors): void {
  for (const text of isQualifiedName(name)) errors.invalid(name, text);
  if (!name.includes('/') && !standardFinalizers.has(name))
    errors.invalid(name, 'name is neither a standard finalizer name nor is it fully qualified');
}
