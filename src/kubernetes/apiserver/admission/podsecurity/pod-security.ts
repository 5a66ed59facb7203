import type { Namespace } from '../../../api/core/namespace';
import { namespace as namespaceKind } from '../../../api/core/namespace';
import { pod as podKind, type Pod } from '../../../api/core/pod';
import type { Container, PodSpec, PodTemplateSpec } from '../../../api/core/pod-spec';
import type { ApiObject } from '../../../apimachinery/object';
import { controllerOf } from '../../../apimachinery/object';
import { equal } from '../../../apimachinery/equal';
import { forbidden, internalError, invalid, type Status } from '../../../apimachinery/status';
import type { Storage } from '../../storage';
import type { AdmissionPlugin, Attributes } from '../admission';
import { detailText, evaluatePod, reasonText } from './evaluate';
import {
  levelText,
  podSecuritySettings,
  policyOf,
  policyText,
  strictness,
  type LevelVersion,
  type PodSecuritySettings,
  type Policy,
} from './policy';

/** Resources whose objects make pods, and where their template is. */
const templates: Readonly<Record<string, (object: never) => PodTemplateSpec | undefined>> = {
  podtemplates: ({ template }: { readonly template?: PodTemplateSpec }) => template,
  replicationcontrollers: ofSpec,
  'replicasets.apps': ofSpec,
  'deployments.apps': ofSpec,
  'statefulsets.apps': ofSpec,
  'daemonsets.apps': ofSpec,
  'jobs.batch': ofSpec,
  'cronjobs.batch': ({ spec }: { readonly spec?: { readonly jobTemplate?: Templated } }) =>
    spec?.jobTemplate?.spec?.template,
};
interface Templated {
  readonly spec?: { readonly template?: PodTemplateSpec };
}
function ofSpec({ spec }: Templated): PodTemplateSpec | undefined {
  return spec?.template;
}

const ignored: ReadonlySet<string> = new Set([
  'attach',
  'binding',
  'eviction',
  'exec',
  'log',
  'portforward',
  'proxy',
  'status',
]);
const maxPodsToCheck = 3000;

/** PodSecurity: the Pod Security Standards that the labels of a namespace ask for. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  resources: [namespaceKind.resource, podKind.resource, ...Object.keys(templates)],
  validate(attributes, storage, server): Status | undefined {
    if (attributes.operation === 'DELETE') return undefined;
    const settings = podSecuritySettings(server.configurations().get('PodSecurity'));
    if (attributes.kind.resource === namespaceKind.resource) return validateNamespace(attributes, storage, settings);
    if (attributes.kind.resource === podKind.resource) return validatePod(attributes, storage, settings);
    return validateController(attributes, storage, settings);
  },
};

function validateNamespace(
  { object, old, operation, subresource, actor }: Attributes,
  storage: Storage,
  { defaults, exemptions }: PodSecuritySettings,
): Status | undefined {
  if (subresource !== undefined || object.metadata.labels === old?.metadata.labels) return undefined;
  const { name } = object.metadata;
  const { policy, errors } = policyOf(object.metadata.labels, defaults);
  const before = policyOf(old?.metadata.labels, defaults);
  if (errors.length > 0 && (operation === 'CREATE' || !equal(errors, before.errors)))
    return invalid('', 'Namespace', name, errors);
  if (operation === 'CREATE' || actor.warn === undefined) return undefined;
  const [now, then] = [policy.enforce, before.policy.enforce];
  if (now.level === 'privileged' || (now.minor === then.minor && strictness(now.level) <= strictness(then.level)))
    return undefined;
  if (exemptions.namespaces.includes(name)) {
    actor.warn(
      `namespace ${JSON.stringify(name)} is exempt from Pod Security, and the policy (${policyText(policy)}) will be ignored`,
    );
    return undefined;
  }
  evaluateNamespace(name, now, storage).forEach(actor.warn);
  return undefined;
}

/** EvaluatePodsInNamespace: which pods would not be let in any more. */
function evaluateNamespace(namespace: string, enforce: LevelVersion, storage: Storage): readonly string[] {
  const pods = prioritized(storage.served(podKind).cacher.list(namespace));
  const found = new Map<string, { name: string; count: number }>();
  for (const { metadata, spec } of pods.slice(0, maxPodsToCheck)) {
    const violations = evaluatePod(enforce, metadata, spec);
    if (violations.length === 0) continue;
    const reason = reasonText(violations);
    const same = found.get(reason);
    if (same === undefined) found.set(reason, { name: metadata.name, count: 1 });
    else found.set(reason, { name: metadata.name < same.name ? metadata.name : same.name, count: same.count + 1 });
  }
  const warnings: string[] = [];
  if (pods.length > maxPodsToCheck)
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${maxPodsToCheck} of ${pods.length} existing pods`,
    );
  if (found.size > 0)
    warnings.push(
      `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(levelText(enforce))}`,
    );
  const others = (count: number): string =>
    count === 1 ? '' : count === 2 ? ' (and 1 other pod)' : ` (and ${count - 1} other pods)`;
  return [...warnings, ...[...found].map(([reason, { name, count }]) => `${name}${others(count)}: ${reason}`).sort()];
}

/** One pod of each controller first. */
function prioritized(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const again: Pod[] = [];
  const first = pods.filter((pod) => {
    const owner = controllerOf(pod)?.uid;
    if (owner === undefined) return true;
    if (!seen.has(owner)) return seen.add(owner);
    again.push(pod);
    return false;
  });
  return [...first, ...again];
}

function validatePod(attributes: Attributes, storage: Storage, settings: PodSecuritySettings): Status | undefined {
  const { object, old, subresource, actor, kind } = attributes;
  if (subresource !== undefined && ignored.has(subresource)) return undefined;
  if (isExempt(attributes, settings, (object as Pod).spec.runtimeClassName)) return undefined;
  const policy = policyFor(object, storage, settings.defaults);
  if (policy === undefined)
    return internalError(`failed to lookup namespace ${JSON.stringify(object.metadata.namespace)}`);
  const { enforce, audit, warn } = policy;
  if (enforce.level === 'privileged' && audit.level === 'privileged' && warn.level === 'privileged') return undefined;
  const { metadata, spec } = object as Pod;
  if (old !== undefined && !isSignificant(spec, (old as Pod).spec)) return undefined;
  actor.audit?.('pod-security.kubernetes.io/enforce-policy', levelText(enforce));
  const violations = evaluatePod(enforce, metadata, spec);
  tellAudit(attributes, audit, metadata, spec);
  if (violations.length > 0)
    return forbidden(
      kind.names,
      metadata.name,
      `violates PodSecurity ${JSON.stringify(levelText(enforce))}: ${detailText(violations)}`,
    );
  tellUser(attributes, warn, metadata, spec);
  return undefined;
}

/** Workloads are never refused; who makes them is told what their pods will meet. */
function validateController(
  attributes: Attributes,
  storage: Storage,
  settings: PodSecuritySettings,
): Status | undefined {
  const { object, kind, actor, subresource } = attributes;
  if (subresource !== undefined || (actor.warn === undefined && actor.audit === undefined)) return undefined;
  const policy = policyFor(object, storage, settings.defaults);
  if (policy === undefined || (policy.warn.level === 'privileged' && policy.audit.level === 'privileged'))
    return undefined;
  const template = templates[kind.resource]?.(object as never);
  if (template?.spec === undefined) return undefined;
  if (isExempt(attributes, settings, template.spec.runtimeClassName)) return undefined;
  tellAudit(attributes, policy.audit, template.metadata ?? {}, template.spec);
  tellUser(attributes, policy.warn, template.metadata ?? {}, template.spec);
  return undefined;
}

const wouldViolate = (
  level: LevelVersion,
  metadata: Pod['metadata'] | PodTemplateSpec['metadata'],
  spec: PodSpec,
): string | undefined => {
  const violations = evaluatePod(level, metadata, spec);
  return violations.length === 0
    ? undefined
    : `would violate PodSecurity ${JSON.stringify(levelText(level))}: ${detailText(violations)}`;
};

function tellUser(
  { actor }: Attributes,
  level: LevelVersion,
  metadata: PodTemplateSpec['metadata'],
  spec: PodSpec,
): void {
  if (actor.warn === undefined) return;
  const text = wouldViolate(level, metadata, spec);
  if (text !== undefined) actor.warn(text);
}

function tellAudit(
  { actor }: Attributes,
  level: LevelVersion,
  metadata: PodTemplateSpec['metadata'],
  spec: PodSpec,
): void {
  if (actor.audit === undefined) return;
  const text = wouldViolate(level, metadata, spec);
  if (text !== undefined) actor.audit('pod-security.kubernetes.io/audit-violations', text);
}

/** exemptNamespace, exemptUser, exemptRuntimeClass; the audit log knows. */
function isExempt(
  { object, actor }: Attributes,
  { exemptions }: PodSecuritySettings,
  runtimeClass: string | undefined,
): boolean {
  const { namespaces, usernames, runtimeClasses } = exemptions;
  const by = namespaces.includes(object.metadata.namespace ?? '')
    ? 'namespace'
    : usernames.includes(actor.user)
      ? 'user'
      : runtimeClass !== undefined && runtimeClasses.includes(runtimeClass)
        ? 'runtimeClass'
        : undefined;
  if (by !== undefined) actor.audit?.('pod-security.kubernetes.io/exempt', by);
  return by !== undefined;
}

/** Parsed once for each state of a namespace. */
const policies = new WeakMap<Namespace, { readonly defaults: Policy; readonly policy: Policy }>();

function policyFor({ metadata }: ApiObject, storage: Storage, defaults: Policy): Policy | undefined {
  const space = storage.get(namespaceKind, undefined, metadata.namespace ?? '');
  if (space === undefined) return undefined;
  let known = policies.get(space);
  if (known?.defaults !== defaults) {
    known = { defaults, policy: policyOf(space.metadata.labels, defaults).policy };
    policies.set(space, known);
  }
  return known.policy;
}

/** isSignificantPodUpdate: new containers or images. */
function isSignificant(spec: PodSpec, old: PodSpec): boolean {
  if (spec === old) return false;
  const differ = (now: readonly Container[] = [], then: readonly Container[] = []): boolean =>
    now.length !== then.length || now.some(({ image }, index) => image !== then[index]?.image);
  return (
    differ(spec.containers, old.containers) ||
    differ(spec.initContainers, old.initContainers) ||
    (spec.ephemeralContainers ?? []).some(
      ({ name, image }) => old.ephemeralContainers?.find((each) => each.name === name)?.image !== image,
    )
  );
}
