import { equal } from '../../apimachinery/equal';
import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { isDns1035Label, isDns1123Subdomain } from '../../apimachinery/names';
import { goVersions, internalSpec, schemasOf, type InternalSpec } from './internal';
import type { JsonSchemaProps } from './json-schema-props';
import { notStructural, schemaHas, validateStructural } from './structural';
import type { CustomResourceDefinition, CustomResourceDefinitionNames, CustomResourceDefinitionVersion } from './types';
import { approvalOf, approvedAnnotation } from './approval';
import { validateConversion } from './validate-conversion';
import { validateColumn, validateSelectableFields, validateSubresources } from './validate-version';
import { validateCustomSchema } from './validate-schema';

/** ValidateCustomResourceDefinition and …Update; `old` is there for updates. */
export function validateCustomResourceDefinition(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: FieldErrors,
): void {
  const spec = internalSpec(crd.spec);
  const at = errors.at('spec');
  if (old === undefined && crd.metadata.name !== '' && crd.metadata.name !== `${spec.names.plural}.${spec.group}`)
    errors.at('metadata').at('name').invalid(crd.metadata.name, 'must be spec.names.plural+"."+spec.group');
  validateSpec(spec, old, at);
  if (old !== undefined) {
    const before = internalSpec(old.spec);
    const immutable = (now: string, was: string, place: FieldErrors): void => {
      if (now !== was) place.invalid(now, 'field is immutable');
    };
    if (isEstablished(old)) {
      immutable(spec.scope, before.scope, at.at('scope'));
      immutable(spec.names.kind, before.names.kind, at.at('names').at('kind'));
    }
    immutable(spec.group, before.group, at.at('group'));
    immutable(spec.names.plural, before.names.plural, at.at('names').at('plural'));
  }
  const { acceptedNames, storedVersions } = crd.status;
  validateNames(acceptedNames, errors.at('status').at('acceptedNames'));
  validateStoredVersions(storedVersions ?? [], spec.versions, errors.at('status').at('storedVersions'));
  validateApproval(crd, old, errors.at('metadata').at('annotations').key(approvedAnnotation));
  if (spec.preserveUnknownFields && old?.spec.preserveUnknownFields !== true)
    at.at('preserveUnknownFields').invalid(
      true,
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    );
}

export const isEstablished = ({ status }: CustomResourceDefinition): boolean =>
  (status.conditions ?? []).some((each) => each.type === 'Established' && each.status === 'True');

const hasDefaults = (schema: JsonSchemaProps): boolean =>
  schemaHas(schema, (each) => each.default !== undefined && each.default !== null);

function isUnstructured(schema: JsonSchemaProps, errors: FieldErrors): boolean {
  if (notStructural(schema) !== undefined) return true;
  const found = errors.apart();
  validateStructural(schema, found);
  return found.any;
}

/** validateCustomResourceDefinitionSpec. */
function validateSpec(spec: InternalSpec, old: CustomResourceDefinition | undefined, errors: FieldErrors): void {
  const { group, versions, validation } = spec;
  const required = errors.at('group');
  if (group === '') required.required('');
  else {
    const problems = isDns1123Subdomain(group);
    if (problems.length > 0) required.invalid(group, problems.join(','));
    else if (!group.includes('.')) required.invalid(group, 'should be a domain with at least one dot');
  }
  if (spec.scope === '') errors.at('scope').required('');
  else if (spec.scope !== 'Cluster' && spec.scope !== 'Namespaced')
    errors.at('scope').notSupported(spec.scope, ['Cluster', 'Namespaced']);

  const oldSchemas = old === undefined ? [] : schemasOf(old.spec);
  const schemasNeeded = old === undefined || oldSchemas.every((schema) => schema !== undefined);
  if (validation?.openAPIV3Schema === undefined)
    versions.forEach((version, index) => {
      if (version.schema?.openAPIV3Schema !== undefined) return;
      const at = errors.at('versions').index(index).at('schema').at('openAPIV3Schema');
      if (schemasNeeded) at.required('schemas are required');
      else if (!spec.preserveUnknownFields && version.served) at.required('because otherwise all fields are pruned');
    });

  const all = [validation, ...versions.map(({ schema }) => schema)].flatMap((each) => each?.openAPIV3Schema ?? []);
  const wasUnstructured = oldSchemas.some((schema) => schema !== undefined && isUnstructured(schema, errors));
  if (all.some(hasDefaults) && spec.preserveUnknownFields)
    errors.at('preserveUnknownFields').invalid(true, 'must be false in order to use defaults in the schema');
  const structural = !wasUnstructured || !spec.preserveUnknownFields || all.some(hasDefaults);

  const oldVersions = new Map((old?.spec.versions ?? []).map((version) => [version.name, version]));
  const unchanged = (name: string | undefined): boolean => {
    const before = oldVersions.get(name ?? '');
    const schema = versions.find((version) => version.name === name)?.schema ?? validation;
    return before !== undefined && equal(schema?.openAPIV3Schema, before.schema?.openAPIV3Schema);
  };
  validateVersions(spec, errors, structural, unchanged);
  validateRequiredNames(spec.names, errors.at('names'));
  validateNames(spec.names, errors.at('names'));
  if (validation?.openAPIV3Schema !== undefined)
    validateCustomSchema(validation.openAPIV3Schema, errors.at('validation'), {
      structural,
      statusEnabled: [spec, ...versions].some(({ subresources }) => subresources?.status !== undefined),
      unchanged: unchanged(versions[0]?.name),
    });
  validateSubresources(spec.subresources, errors.at('subresources'));
  spec.additionalPrinterColumns?.forEach((column, index) =>
    validateColumn(column, errors.at('additionalPrinterColumns').index(index)),
  );
  if ((spec.selectableFields ?? []).length > 0) {
    if (validation === undefined)
      errors.at('selectableFields').invalid('', 'selectableFields may only be set when validations.schema is included');
    else
      validateSelectableFields(spec.selectableFields ?? [], validation.openAPIV3Schema, errors.at('selectableFields'));
  }
  if (spec.conversion !== undefined && spec.conversion.strategy !== 'None' && spec.preserveUnknownFields)
    errors
      .at('conversion')
      .at('strategy')
      .invalid(spec.conversion.strategy, 'must be None if spec.preserveUnknownFields is true');
  validateConversion(spec.conversion, old?.spec.conversion, errors.at('conversion'));
}

function validateVersions(
  spec: InternalSpec,
  errors: FieldErrors,
  structural: boolean,
  unchanged: (version: string) => boolean,
): void {
  const { versions } = spec;
  const perVersion = versions.some(({ subresources }) => subresources !== undefined);
  versions.forEach((version, index) => {
    const at = errors.at('versions').index(index);
    const problems = isDns1035Label(version.name);
    if (problems.length > 0) at.at('name').invalid(version.name, problems.join(','));
    for (const text of deprecationProblems(version))
      at.at('deprecationWarning').invalid(new GoText(goQuote(version.deprecationWarning ?? '')), text);
    const subresources = perVersion ? version.subresources : spec.subresources;
    if (version.schema?.openAPIV3Schema !== undefined)
      validateCustomSchema(version.schema.openAPIV3Schema, at.at('schema'), {
        structural,
        statusEnabled: subresources?.status !== undefined,
        unchanged: unchanged(version.name),
      });
    validateSubresources(version.subresources, at.at('subresources'));
    version.additionalPrinterColumns?.forEach((column, position) =>
      validateColumn(column, at.at('additionalPrinterColumns').index(position)),
    );
    if ((version.selectableFields ?? []).length === 0) return;
    if (version.schema?.openAPIV3Schema === undefined)
      at.at('selectableFields').invalid(
        '',
        'selectableFields may only be set when version.schema.openAPIV3Schema is not included',
      );
    else
      validateSelectableFields(
        version.selectableFields ?? [],
        version.schema.openAPIV3Schema,
        at.at('selectableFields'),
      );
  });
  const at = errors.at('versions');
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    at.invalid(new GoText(goVersions(versions)), 'must contain unique version names');
  if (versions.filter(({ storage }) => storage).length !== 1)
    at.invalid(new GoText(goVersions(versions)), 'must have exactly one version marked as storage version');
}

function deprecationProblems({ deprecated, deprecationWarning: text }: CustomResourceDefinitionVersion): string[] {
  if (text === undefined) return [];
  if (deprecated !== true) return ['can only be set for deprecated versions'];
  const odd = [...text].findIndex(
    (char) => /[\p{C}\p{Zl}\p{Zp}]/u.test(char) || (/\p{Zs}/u.test(char) && char !== ' '),
  );
  return [
    ...(text.length > 256 ? ['must be <= 256 characters long'] : []),
    ...(text === '' ? ['must not be an empty string'] : []),
    ...(odd >= 0
      ? [`must only contain printable UTF-8 characters; non-printable character found at index ${odd}`]
      : []),
  ];
}

function validateRequiredNames(names: CustomResourceDefinitionNames, errors: FieldErrors): void {
  for (const key of ['plural', 'singular', 'kind', 'listKind'] as const)
    if ((names[key] ?? '') === '') errors.at(key).required('');
}

/** ValidateCustomResourceDefinitionNames. */
function validateNames(names: CustomResourceDefinitionNames, errors: FieldErrors): void {
  const label = (value: string | undefined, at: FieldErrors, mixed = false): void => {
    if (value === undefined || value === '') return;
    const problems = isDns1035Label(mixed ? value.toLowerCase() : value);
    if (problems.length > 0)
      at.invalid(value, (mixed ? 'may have mixed case, but should otherwise match: ' : '') + problems.join(','));
  };
  label(names.plural, errors.at('plural'));
  label(names.singular, errors.at('singular'));
  label(names.kind, errors.at('kind'), true);
  label(names.listKind, errors.at('listKind'), true);
  const each = (values: readonly string[] | undefined, key: string): void =>
    values?.forEach((value, index) => {
      const problems = isDns1035Label(value);
      if (problems.length > 0) errors.at(key).index(index).invalid(value, problems.join(','));
    });
  each(names.shortNames, 'shortNames');
  if ((names.kind ?? '') !== '' && names.kind === names.listKind)
    errors.at('listKind').invalid(names.listKind, 'kind and listKind may not be the same');
  each(names.categories, 'categories');
}

function validateStoredVersions(
  stored: readonly string[],
  versions: readonly CustomResourceDefinitionVersion[],
  errors: FieldErrors,
): void {
  const shown = new GoText(stored.length === 0 ? '[]string(nil)' : `[]string{${stored.map(goQuote).join(', ')}}`);
  if (stored.length === 0) return errors.invalid(shown, 'must have at least one stored version');
  // Each is found once: of two versions of one name the second is none.
  const left = new Set(stored);
  for (const { name, storage } of versions)
    if (!left.delete(name) && storage) errors.invalid(shown, `must have the storage version ${name}`);
  stored.forEach((name, index) => {
    if (left.has(name))
      errors
        .index(index)
        .invalid(
          name,
          `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
        );
  });
}

/** The groups of the project itself need its approval. */
function validateApproval(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: FieldErrors,
): void {
  const now = approvalOf(crd);
  if (now === undefined || (old !== undefined && approvalOf(old)?.state === now.state)) return;
  if (now.state === 'Missing') errors.required(now.message);
  if (now.state === 'Invalid') errors.invalid(crd.metadata.annotations?.[approvedAnnotation], now.message);
}
