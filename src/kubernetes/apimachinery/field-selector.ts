import { err, ok, type Result } from '../../sim/result';

/** `status.phase=Running,spec.nodeName!=n1`: k8s.io/apimachinery/pkg/fields/selector.go */
export interface FieldRequirement {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** fields.ParseSelector. */
export function parseFieldSelector(text: string): Result<readonly FieldRequirement[], string> {
  const found: FieldRequirement[] = [];
  for (const part of split(text)) {
    if (part === '') continue;
    const at = operatorAt(part);
    if (at === undefined) return err(`invalid selector: '${text}'; can't understand '${part}'`);
    const value = unescapeValue(part.slice(at.index + at.length));
    if (!value.ok) return err(`invalid field selector: ${value.error}`);
    found.push({ field: part.slice(0, at.index), equal: !at.negated, value: value.value });
  }
  return ok(found);
}

/** At commas that are not escaped. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\') part += char + text.charAt(++index);
    else if (char === ',') {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}

function operatorAt(part: string): { index: number; length: number; negated: boolean } | undefined {
  for (let index = 0; index < part.length; index++) {
    if (part.startsWith('!=', index)) return { index, length: 2, negated: true };
    if (part.startsWith('==', index)) return { index, length: 2, negated: false };
    if (part.startsWith('=', index)) return { index, length: 1, negated: false };
  }
  return undefined;
}

/** fields.UnescapeValue: only backslashes, commas and equal signs are escaped, and these always. */
function unescapeValue(text: string): Result<string, string> {
  let value = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\') {
      const next = text.charAt(++index);
      if (next !== '\\' && next !== ',' && next !== '=') return err(`invalid escape sequence: \\${next}`);
      value += next;
    } else if (char === '=' || char === ',') return err(`unescaped rune in value: ${char}`);
    else value += char;
  }
  return ok(value);
}

/** Selector.String. */
export const fieldRequirementsText = (requirements: readonly FieldRequirement[]): string =>
  requirements
    .map(({ field, equal, value }) => `${field}${equal ? '=' : '!='}${value.replace(/[\\,=]/g, '\\$&')}`)
    .join(',');
