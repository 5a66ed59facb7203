import type { Random } from '../../sim/random';
import type { FieldErrors } from './field-errors';
import type { NameRule } from './kind';

/** k8s.io/apimachinery/pkg/util/rand: no vowels, no characters that look alike. */
const alphanums = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const longestBase = 63 - suffixLength;

/** names.SimpleNameGenerator. */
export const generateName = (base: string, random: Random): string =>
  base.slice(0, longestBase) + random.string(suffixLength, alphanums);

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualified = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const tooLong = (limit: number): string => `must be no more than ${limit} characters`;
const regexText = (message: string, pattern: string, ...examples: readonly string[]): string =>
  `${message} (${examples.length === 0 ? '' : `e.g. ${examples.map((each) => `'${each}', `).join(' or ')}`}regex used for validation is '${pattern}')`;

const labelText = regexText(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  '123-abc',
);
const subdomainText = regexText(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*',
  'example.com',
);
const dns1035Text = regexText(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  'abc-123',
);
const qualifiedText = regexText(
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
  'MyName',
  'my.name',
  '123-abc',
);
const labelValueText = regexText(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  'MyValue',
  'my_value',
  '12345',
);

const rule =
  (pattern: RegExp, limit: number, text: string) =>
  (value: string): readonly string[] => {
    const found: string[] = [];
    if (value.length > limit) found.push(tooLong(limit));
    if (!pattern.test(value)) found.push(text);
    return found;
  };

/** What is wrong with a name: the messages of k8s.io/apimachinery/pkg/util/validation. */
export function isDns1123Label(value: string): readonly string[] {
  const found: string[] = [];
  if (value.length > 63) found.push(tooLong(63));
  if (label.test(value)) return found;
  // A good subdomain can only be no label because of its dots.
  return [...found, subdomain.test(value) ? 'must not contain dots' : labelText];
}
export const isDns1123Subdomain = rule(subdomain, 253, subdomainText);
export const isDns1035Label = rule(dns1035, 63, dns1035Text);
export const isValidLabelValue = rule(labelValue, 63, labelValueText);

/** IsValidPathSegmentName, for RBAC. */
export function isPathSegment(name: string): readonly string[] {
  if (name === '.') return ["may not be '.'"];
  if (name === '..') return ["may not be '..'"];
  return [
    ...(name.includes('/') ? ["may not contain '/'"] : []),
    ...(name.includes('%') ? ["may not contain '%'"] : []),
  ];
}

/** A label or annotation key, a finalizer, a resource name. */
export function isQualifiedName(value: string): readonly string[] {
  const found: string[] = [];
  const parts = value.split('/');
  let name = parts[0] ?? '';
  if (parts.length === 2) {
    const prefix = parts[0] ?? '';
    name = parts[1] ?? '';
    if (prefix === '') found.push('prefix part must be non-empty');
    else found.push(...isDns1123Subdomain(prefix).map((text) => `prefix part ${text}`));
  } else if (parts.length > 2) {
    return [
      `a qualified name ${regexText(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]',
        'MyName',
        'my.name',
        '123-abc',
      )} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (name === '') found.push('name part must be non-empty');
  else if (name.length > 63) found.push(`name part ${tooLong(63)}`);
  if (!qualified.test(name)) found.push(qualifiedText);
  return found;
}

const rules: Readonly<Record<NameRule, (name: string) => readonly string[]>> = {
  subdomain: isDns1123Subdomain,
  label: isDns1123Label,
  service: isDns1035Label,
  path: isPathSegment,
  any: () => [],
};

/** `prefix`: a generateName, whose last dash may stand because something will follow. */
export const nameProblems = (nameRule: NameRule, name: string, prefix = false): readonly string[] =>
  rules[nameRule](prefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -1)}a` : name);

/** ValidateLabels. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, errors: FieldErrors): void {
  for (const key in labels) {
    if (!plainKey.test(key)) for (const text of isQualifiedName(key)) errors.invalid(key, text);
    const value = labels[key] ?? '';
    if (value.length > 63 || !labelValue.test(value))
      for (const text of isValidLabelValue(value)) errors.invalid(value, text);
  }
}

/** The usual key, so that the common case is one test. */
const plainKey = /^[a-z0-9]([-a-z0-9.]{0,60}[a-z0-9])?$/;
