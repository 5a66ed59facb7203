import { equal } from '../../apimachinery/equal';
import { goQuote } from '../../apimachinery/field-errors';
import type { JsonSchemaProps } from './json-schema-props';
import type {
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from './types';

/** What versions have in common stands at the top of the server's internal type; error paths are of that type. */
export interface InternalSpec {
  readonly group: string;
  readonly names: CustomResourceDefinitionNames;
  readonly scope: string;
  readonly versions: readonly CustomResourceDefinitionVersion[];
  readonly validation: CustomResourceDefinitionVersion['schema'];
  readonly subresources: CustomResourceSubresources | undefined;
  readonly additionalPrinterColumns: CustomResourceDefinitionVersion['additionalPrinterColumns'];
  readonly selectableFields: CustomResourceDefinitionVersion['selectableFields'];
  readonly preserveUnknownFields: boolean;
  readonly conversion: CustomResourceDefinitionSpec['conversion'];
}

const shared = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;

/** Convert_v1_CustomResourceDefinitionSpec_To_apiextensions_CustomResourceDefinitionSpec. */
export function internalSpec(spec: CustomResourceDefinitionSpec): InternalSpec {
  const versions = spec.versions ?? [];
  const [first] = versions;
  const common = new Set(shared.filter((key) => versions.every((version) => equal(version[key], first?.[key]))));
  const hoisted = <Key extends (typeof shared)[number]>(key: Key): CustomResourceDefinitionVersion[Key] | undefined =>
    common.has(key) ? first?.[key] : undefined;
  return {
    group: spec.group ?? '',
    names: spec.names ?? { plural: '', kind: '' },
    scope: spec.scope ?? '',
    versions: versions.map((version) => {
      const left: Record<string, unknown> = { ...version };
      for (const key of common) delete left[key];
      return left as unknown as CustomResourceDefinitionVersion;
    }),
    validation: hoisted('schema'),
    subresources: hoisted('subresources'),
    additionalPrinterColumns: hoisted('additionalPrinterColumns'),
    selectableFields: hoisted('selectableFields'),
    preserveUnknownFields: spec.preserveUnknownFields ?? false,
    conversion: spec.conversion,
  };
}

/** The schemas of all versions. */
export const schemasOf = ({ versions }: CustomResourceDefinitionSpec): readonly (JsonSchemaProps | undefined)[] =>
  (versions ?? []).map(({ schema }) => schema?.openAPIV3Schema);

/** Go prints where a pointer points to, and so nobody can depend on it. */
const pointer = (type: string, value: unknown): string => `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`;

/** `%#v` of the versions. */
export function goVersions(versions: readonly CustomResourceDefinitionVersion[]): string {
  const type = 'apiextensions.CustomResourceDefinitionVersion';
  if (versions.length === 0) return `[]${type}(nil)`;
  return `[]${type}{${versions.map(goVersion).join(', ')}}`;
}

function goVersion(version: CustomResourceDefinitionVersion): string {
  const { name = '', additionalPrinterColumns: columns, selectableFields: selectable } = version;
  const column = 'apiextensions.CustomResourceColumnDefinition';
  const field = 'apiextensions.SelectableField';
  const parts = [
    `Name:${goQuote(name)}`,
    `Served:${version.served}`,
    `Storage:${version.storage}`,
    `Deprecated:${version.deprecated ?? false}`,
    `DeprecationWarning:${pointer('string', version.deprecationWarning)}`,
    `Schema:${pointer('apiextensions.CustomResourceValidation', version.schema)}`,
    `Subresources:${pointer('apiextensions.CustomResourceSubresources', version.subresources)}`,
    `AdditionalPrinterColumns:[]${column}${
      columns === undefined
        ? '(nil)'
        : `{${columns
            .map(
              (each) =>
                `${column}{Name:${goQuote(each.name)}, Type:${goQuote(each.type)}, Format:${goQuote(each.format ?? '')}, Description:${goQuote(each.description ?? '')}, Priority:${each.priority ?? 0}, JSONPath:${goQuote(each.jsonPath)}}`,
            )
            .join(', ')}}`
    }`,
    `SelectableFields:[]${field}${
      selectable === undefined
        ? '(nil)'
        : `{${selectable.map(({ jsonPath }) => `${field}{JSONPath:${goQuote(jsonPath)}}`).join(', ')}}`
    }`,
  ];
  return `apiextensions.CustomResourceDefinitionVersion{${parts.join(', ')}}`;
}
