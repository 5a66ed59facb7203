import type { CustomResourceColumnDefinition } from '../../api/apiextensions/types';
import { ageColumn, nameColumn, since } from '../../api/columns';
import type { Cell, Column } from '../../apimachinery/columns';
import type { ApiObject } from '../../apimachinery/object';
import { parseTime } from '../../apimachinery/time';
import { find, parsePath } from './json-path';

/** tableconvertor of apiextensions: the name, and what the definition says, or the age. */
export function printerColumns(
  columns: readonly CustomResourceColumnDefinition[] | undefined,
): readonly Column<ApiObject>[] {
  if (columns === undefined || columns.length === 0) return [nameColumn, { ...ageColumn, type: 'date' }];
  return [nameColumn, ...columns.map(printerColumn)];
}

function printerColumn(column: CustomResourceColumnDefinition): Column<ApiObject> {
  const { name, type, format = '', description = '', priority = 0, jsonPath } = column;
  const path = parsePath(jsonPath);
  return {
    name,
    type: type as Column<ApiObject>['type'],
    format,
    description:
      description === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description,
    priority,
    ages: () => type === 'date',
    cell: (object, now) => {
      const value = path === undefined ? undefined : find(path, object)[0];
      return value === undefined || value === null ? null : cell(type, value, now);
    },
  };
}

function cell(type: string, value: unknown, now: number): Cell {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(parseTime(value)) ? '<invalid>' : since(value, now);
    default:
      return null;
  }
}
