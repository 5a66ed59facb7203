import { Failure } from '../errors';
import { isObject, list, text, type JsonObject } from '../json';
import { decodeYaml, YamlError } from '../manifest/yaml';

/** The Go types of the members of a kustomization, as far as messages name them. */
const members: Readonly<Record<string, string>> = {
  apiVersion: 'string',
  kind: 'string',
  metadata: 'types.ObjectMeta',
  openapi: 'map[string]string',
  namePrefix: 'string',
  nameSuffix: 'string',
  namespace: 'string',
  commonLabels: 'map[string]string',
  labels: '[]types.Label',
  commonAnnotations: 'map[string]string',
  patchesStrategicMerge: '[]types.PatchStrategicMerge',
  patchesJson6902: '[]types.Patch',
  patches: '[]types.Patch',
  images: '[]types.Image',
  imageTags: '[]types.Image',
  replacements: '[]types.ReplacementField',
  replicas: '[]types.Replica',
  vars: '[]types.Var',
  sortOptions: 'types.SortOptions',
  resources: '[]string',
  components: '[]string',
  crds: '[]string',
  bases: '[]string',
  configMapGenerator: '[]types.ConfigMapArgs',
  secretGenerator: '[]types.SecretArgs',
  helmGlobals: 'types.HelmGlobals',
  helmCharts: '[]types.HelmChart',
  helmChartInflationGenerator: '[]types.HelmChartArgs',
  generatorOptions: 'types.GeneratorOptions',
  configurations: '[]string',
  generators: '[]string',
  transformers: '[]string',
  validators: '[]string',
  buildMetadata: '[]string',
};

/** Old members, and what to use instead. */
const deprecated: Readonly<Record<string, string>> = {
  bases: 'resources',
  commonLabels: 'labels',
  imageTags: 'images',
  patchesJson6902: 'patches',
  patchesStrategicMerge: 'patches',
  vars: 'replacements',
};

const goKind = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : isObject(value) ? 'object' : typeof value;

function fits(value: unknown, type: string): string | undefined {
  if (value === null) return undefined;
  if (type === 'string') return typeof value === 'string' ? undefined : type;
  if (type === 'map[string]string') {
    if (!isObject(value)) return type;
    return Object.values(value).every((each) => each === null || typeof each === 'string') ? undefined : 'string';
  }
  if (!type.startsWith('[]')) return isObject(value) ? undefined : type;
  if (!Array.isArray(value)) return type;
  return type !== '[]string' || value.every((each) => typeof each === 'string') ? undefined : 'string';
}

const misfitting = (value: unknown, inner: string): unknown =>
  inner === 'string' && (Array.isArray(value) || isObject(value))
    ? Object.values(value).find((each) => typeof each !== 'string')
    : value;

export interface Kustomization {
  readonly value: JsonObject;
  readonly warnings: readonly string[];
}

/** Reads a kustomization file. Upstream: sigs.k8s.io/kustomize/api/types. */
export function readKustomization(source: string, name: string): Kustomization {
  let value: unknown;
  try {
    value = decodeYaml(source)[0];
  } catch (reason) {
    if (reason instanceof YamlError) throw new Failure(`invalid Kustomization: ${reason.message}`);
    throw reason;
  }
  if (value === undefined || value === null) throw new Failure(`${name} is empty`);
  if (!isObject(value))
    throw new Failure(
      `invalid Kustomization: json: cannot unmarshal ${goKind(value)} into Go value of type types.Kustomization`,
    );
  for (const [member, given] of Object.entries(value)) {
    const type = members[member];
    if (type === undefined) throw new Failure(`invalid Kustomization: json: unknown field "${member}"`);
    const wrong = fits(given, type);
    if (wrong !== undefined)
      throw new Failure(
        `invalid Kustomization: json: cannot unmarshal ${goKind(misfitting(given, wrong))} into Go struct field Kustomization.${member} of type ${wrong}`,
      );
  }
  const kind = text(value, 'kind');
  if (kind !== '' && kind !== 'Kustomization' && kind !== 'Component')
    throw new Failure(`invalid Kustomization: kind should be Kustomization or Component`);
  const warnings = Object.keys(deprecated)
    .filter((member) => list(value, member).length > 0 || isObject(value[member]))
    .map(
      (member) =>
        `# Warning: '${member}' is deprecated. Please use '${deprecated[member] ?? ''}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.`,
    );
  return { value, warnings };
}
