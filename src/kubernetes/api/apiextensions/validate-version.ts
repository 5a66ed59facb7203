import { GoText, type FieldErrors } from '../../apimachinery/field-errors';
import { fieldPath } from './field-path';
import type { JsonSchemaProps } from './json-schema-props';
import { notStructural } from './structural';
import type { CustomResourceColumnDefinition, CustomResourceSubresources } from './types';

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

/** validateSimpleJSONPath. */
function simplePath(path: string, errors: FieldErrors): boolean {
  if (path.startsWith('.')) return true;
  errors.invalid(path, 'must be a simple json path starting with .');
  return false;
}

/** ValidateCustomResourceColumnDefinition. */
export function validateColumn(column: CustomResourceColumnDefinition, errors: FieldErrors): void {
  const { name = '', type = '', format = '', jsonPath = '' } = column;
  if (name === '') errors.at('name').required('');
  if (type === '') errors.at('type').required(`must be one of ${columnTypes.join()}`);
  else if (!columnTypes.includes(type)) errors.at('type').invalid(type, `must be one of ${columnTypes.join()}`);
  if (format !== '' && !columnFormats.includes(format))
    errors.at('format').invalid(format, `must be one of ${columnFormats.join()}`);
  if (jsonPath === '') errors.at('JSONPath').required('');
  else simplePath(jsonPath, errors.at('JSONPath'));
}

/** ValidateCustomResourceDefinitionSubresources. */
export function validateSubresources(subresources: CustomResourceSubresources | undefined, errors: FieldErrors): void {
  const scale = subresources?.scale;
  if (scale === undefined) return;
  for (const [key, root] of [
    ['specReplicasPath', '.spec.'],
    ['statusReplicasPath', '.status.'],
  ] as const) {
    const at = errors.at(`scale.${key}`);
    const path = scale[key] ?? '';
    if (path === '') at.required('');
    else if (simplePath(path, at) && !path.startsWith(root))
      at.invalid(path, `should be a json path under ${root.slice(0, -1)}`);
  }
  const { labelSelectorPath: selector = '' } = scale;
  if (selector === '') return;
  const at = errors.at('scale.labelSelectorPath');
  if (simplePath(selector, at) && !selector.startsWith('.spec.') && !selector.startsWith('.status.'))
    at.invalid(new GoText(JSON.stringify(selector)), 'should be a json path under either .spec or .status');
}

const mostSelectableFields = 8;

/** ValidateCustomResourceSelectableFields. */
export function validateSelectableFields(
  fields: readonly { readonly jsonPath: string }[],
  schema: JsonSchemaProps | undefined,
  errors: FieldErrors,
): void {
  if (schema === undefined || notStructural(schema) !== undefined) return;
  const seen = new Set<string>();
  fields.forEach(({ jsonPath = '' }, index) => {
    const at = errors.index(index).at('jsonPath');
    if (jsonPath === '') return at.required('');
    const found = fieldPath(jsonPath, schema, false);
    if (!found.ok) return at.invalid(jsonPath, `is an invalid path: ${found.error}`);
    const { path, root, schema: target } = found.value;
    if (root === 'metadata') at.invalid(jsonPath, 'must not point to fields in metadata');
    if (!['string', 'boolean', 'integer'].includes(target.type ?? ''))
      at.invalid(
        jsonPath,
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
      );
    if (seen.has(path)) at.duplicate(jsonPath);
    seen.add(path);
  });
  if (seen.size > mostSelectableFields) errors.tooMany(seen.size, mostSelectableFields);
}
