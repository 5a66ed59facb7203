import { Failure } from '../errors';
import { at, isObject, list, nameOfObject, text, texts, withAt, type JsonObject } from '../json';
import { changeAt, everywhere, templateOf } from './fields';
import { idsOf, isNamespaced, renamed, type Resource } from './resource';

type Transform = (resources: readonly Resource[], kustomization: JsonObject) => readonly Resource[];

const merged =
  (added: Readonly<Record<string, string>>) =>
  (map: unknown): JsonObject => ({ ...(isObject(map) ? map : {}), ...added });

const changed = (resource: Resource, object: unknown): Resource => ({ ...resource, object: object as JsonObject });

const namespace: Transform = (resources, kustomization) => {
  const wanted = text(kustomization, 'namespace');
  if (wanted === '') return resources;
  return resources.map((resource) => {
    const { object } = resource;
    const kind = text(object, 'kind');
    if (kind === 'Namespace') return renamed(resource, ['metadata', 'name'], wanted);
    if (/^(Cluster)?RoleBinding$/.test(kind)) {
      const subjects = changeAt(object, ['subjects', '*'], (subject) =>
        text(subject, 'kind') === 'ServiceAccount' && text(subject, 'name') === 'default'
          ? withAt(subject, ['namespace'], wanted)
          : subject,
      );
      const bound = changed(resource, subjects);
      return isNamespaced(object) ? renamed(bound, ['metadata', 'namespace'], wanted) : bound;
    }
    return isNamespaced(object) ? renamed(resource, ['metadata', 'namespace'], wanted) : resource;
  });
};

const neverRenamed = ['CustomResourceDefinition', 'APIService', 'Namespace'];

const affixes: Transform = (resources, kustomization) => {
  const [prefix, suffix] = [text(kustomization, 'namePrefix'), text(kustomization, 'nameSuffix')];
  if (prefix === '' && suffix === '') return resources;
  return resources.map((resource) =>
    neverRenamed.includes(text(resource.object, 'kind'))
      ? resource
      : renamed(resource, ['metadata', 'name'], `${prefix}${nameOfObject(resource.object)}${suffix}`),
  );
};

/** Selectors that labels go to, and whether they are made where missing. */
function selectorsOf(kind: string): readonly (readonly [readonly string[], boolean])[] {
  const matching = ['spec', 'selector', 'matchLabels'];
  if (kind === 'Service' || kind === 'ReplicationController') return [[['spec', 'selector'], true]];
  if (['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].includes(kind)) return [[matching, true]];
  if (kind === 'Job' || kind === 'PodDisruptionBudget') return [[matching, false]];
  if (kind === 'CronJob') return [[['spec', 'jobTemplate', 'spec', 'selector', 'matchLabels'], false]];
  if (kind === 'NetworkPolicy') return [[['spec', 'podSelector', 'matchLabels'], false]];
  return [];
}

interface Where {
  readonly selectors: boolean;
  readonly templates: boolean;
}

function labelled(
  resource: Resource,
  pairs: Readonly<Record<string, string>>,
  { selectors, templates }: Where,
): Resource {
  const kind = text(resource.object, 'kind');
  const add = merged(pairs);
  let object = changeAt(resource.object, ['metadata', 'labels'], add, true);
  const template = templateOf(kind);
  if ((selectors || templates) && template) object = changeAt(object, [...template, 'metadata', 'labels'], add, true);
  if (selectors && kind === 'StatefulSet')
    object = changeAt(object, ['spec', 'volumeClaimTemplates', '*', 'metadata', 'labels'], add, true);
  if (selectors) for (const [path, create] of selectorsOf(kind)) object = changeAt(object, path, add, create);
  return changed(resource, object);
}

const labels: Transform = (resources, kustomization) => {
  const steps = [
    { pairs: texts(kustomization, 'commonLabels'), selectors: true, templates: true },
    ...list(kustomization, 'labels').map((each) => ({
      pairs: texts(each, 'pairs'),
      selectors: at(each, 'includeSelectors') === true,
      templates: at(each, 'includeTemplates') === true,
    })),
  ].filter(({ pairs }) => Object.keys(pairs).length > 0);
  return steps.reduce<readonly Resource[]>(
    (all, { pairs, ...where }) => all.map((resource) => labelled(resource, pairs, where)),
    resources,
  );
};

const annotations: Transform = (resources, kustomization) => {
  const pairs = texts(kustomization, 'commonAnnotations');
  if (Object.keys(pairs).length === 0) return resources;
  return resources.map((resource) => {
    const template = templateOf(text(resource.object, 'kind'));
    const object = changeAt(resource.object, ['metadata', 'annotations'], merged(pairs), true);
    return changed(
      resource,
      template ? changeAt(object, [...template, 'metadata', 'annotations'], merged(pairs), true) : object,
    );
  });
};

const scaled = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'];

const replicas: Transform = (resources, kustomization) => {
  let result = resources;
  for (const each of list(kustomization, 'replicas')) {
    const name = text(each, 'name');
    const fits = (resource: Resource): boolean =>
      scaled.includes(text(resource.object, 'kind')) && idsOf(resource).some((id) => id.name === name);
    if (!result.some(fits))
      throw new Failure(
        `resource with name ${name} does not match a config with the following GVK [${scaled.map((kind) => `${kind}.[noVer].[noGrp]`).join(' ')}]`,
      );
    result = result.map((resource) =>
      fits(resource)
        ? changed(
            resource,
            changeAt(resource.object, ['spec', 'replicas'], () => at(each, 'count'), true),
          )
        : resource,
    );
  }
  return result;
};

/** An image reference under what a kustomization says about its name. */
export function imageOf(reference: string, change: unknown): string {
  const [, name = '', tag = '', digest = ''] = /^(.*?)(:[^/@]*)?(@.*)?$/.exec(reference) ?? [];
  if (name !== text(change, 'name')) return reference;
  const [newTag, newDigest, suffix] = [text(change, 'newTag'), text(change, 'digest'), text(change, 'tagSuffix')];
  const to = text(change, 'newName') || name;
  if (newDigest !== '') return `${to}@${newDigest}`;
  if (newTag !== '') return `${to}:${newTag}${suffix}`;
  return `${to}${tag}${tag === '' ? '' : suffix}${digest}`;
}

const images: Transform = (resources, kustomization) => {
  const changes = [...list(kustomization, 'images'), ...list(kustomization, 'imageTags')];
  if (changes.length === 0) return resources;
  const containers = (object: JsonObject): JsonObject =>
    ['containers', 'initContainers'].reduce(
      (result, member) =>
        changeAt(result, [member, '*', 'image'], (image) =>
          typeof image === 'string' ? changes.reduce<string>(imageOf, image) : image,
        ) as JsonObject,
      object,
    );
  return resources.map((resource) => changed(resource, everywhere(resource.object, containers)));
};

/** In the order in which kustomize runs them; patches come before, replacements after. */
export const transformers: readonly Transform[] = [namespace, affixes, labels, annotations];
export const lateTransformers: readonly Transform[] = [replicas, images];
