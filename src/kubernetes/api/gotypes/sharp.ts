import { goQuote } from '../../apimachinery/field-errors';
import { typeName } from './types';
import type { GoValue } from './value';

/** `%#v`. An address is one of no meaning: Go's differ from run to run. */
export function sharpV(value: GoValue, top = true): string {
  const { type, parts } = value;
  switch (type.kind) {
    case 'struct':
      if (type.name === 'v1.Time') return 'time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)';
      return `${type.name}{${type.fields.map(({ name }, index) => `${name}:${inner(parts?.[index])}`).join(', ')}}`;
    case 'slice':
      if (parts === undefined) return `${typeName(type)}(nil)`;
      return `${typeName(type)}{${parts.map((part) => inner(part)).join(', ')}}`;
    case 'map':
      if (parts === undefined) return `${typeName(type)}(nil)`;
      return `${typeName(type)}{${parts.map((part, index) => `${goQuote(value.keys?.[index] ?? '')}:${inner(part)}`).join(', ')}}`;
    case 'pointer':
      if (parts === undefined) return typeName(type) === '*v1.Time' ? '<nil>' : `(${typeName(type)})(nil)`;
      // At the top, what is pointed to is printed.
      if (top && parts[0] !== undefined && parts[0].parts !== undefined) return `&${inner(parts[0])}`;
      return `(${typeName(type)})(0xc000000000)`;
    case 'string':
      return goQuote(value.text ?? '');
    case 'bool':
      return String(value.truth ?? false);
    case 'int':
      return String(value.number ?? 0);
  }
}

const inner = (value: GoValue | undefined): string => (value === undefined ? 'nil' : sharpV(value, false));
