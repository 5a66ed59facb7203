import { ok, type Result } from '../../../sim/result';
import { limitRange, type LimitRange } from '../../api/core/limitrange';
import { persistentVolumeClaim, type PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim';
import { pod as podKind, type Pod } from '../../api/core/pod';
import type { Container } from '../../api/core/pod-spec';
import type { ApiObject, Quantities } from '../../apimachinery/object';
import {
  compareQuantities,
  quantityInteger,
  quantityMilli,
  quantityText,
  type Quantity,
} from '../../apimachinery/quantity';
import type { Status } from '../../apimachinery/status';
import type { Storage } from '../storage';
import type { AdmissionPlugin, Attributes } from './admission';
import { amountsOf, podAmounts, type Amounts } from './amounts';
import { aggregate, deny } from './deny';

const annotation = 'kubernetes.io/limit-ranger';

/** LimitRanger: what containers ask for where they say nothing, and how much they may. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  resources: [podKind.resource, persistentVolumeClaim.resource],
  mutate<T extends ApiObject>(attributes: Attributes<T>, storage: Storage): Result<T, Status> {
    const { object, kind } = attributes;
    if (kind.resource !== podKind.resource || !looksAt(attributes)) return ok(object);
    let pod = object as unknown as Pod;
    for (const range of rangesOf(object, storage)) pod = withDefaults(pod, range);
    return ok(pod as unknown as T);
  },
  validate(attributes, storage): Status | undefined {
    if (!looksAt(attributes)) return undefined;
    const { object, kind } = attributes;
    for (const range of rangesOf(object, storage)) {
      const message = aggregate(
        kind.resource === podKind.resource
          ? podErrors(object as Pod, range)
          : claimErrors(object as PersistentVolumeClaim, range),
      );
      if (message !== undefined) return deny(attributes, message);
    }
    return undefined;
  },
};

/** Containers of a pod hardly change, but when it is resized. */
const looksAt = ({ kind, operation, subresource }: Attributes): boolean => {
  if (kind.resource === podKind.resource && subresource === 'resize') return operation === 'UPDATE';
  if (subresource !== undefined || operation === 'DELETE') return false;
  return operation === 'CREATE' || kind.resource !== podKind.resource;
};

function rangesOf({ metadata }: ApiObject, storage: Storage): readonly LimitRange[] {
  const ranges = storage.served(limitRange).cacher.list(metadata.namespace);
  return ranges.length < 2 ? ranges : [...ranges].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function withDefaults(pod: Pod, { spec: { limits } }: LimitRange): Pod {
  let requests: Quantities = {};
  let defaults: Quantities = {};
  for (const item of limits ?? []) {
    if (item.type !== 'Container') continue;
    requests = { ...requests, ...item.defaultRequest };
    defaults = { ...defaults, ...item.default };
  }
  const notes: string[] = [];
  const filled = <C extends Container>(container: C, what: string): C => {
    const [request, asked] = merged(container.resources?.requests, requests);
    const [limit, limited] = merged(container.resources?.limits, defaults);
    if (asked.length > 0) notes.push(`${asked.join(', ')} request for ${what} ${container.name}`);
    if (limited.length > 0) notes.push(`${limited.join(', ')} limit for ${what} ${container.name}`);
    if (asked.length + limited.length === 0) return container;
    const resources = {
      ...container.resources,
      ...(limit === undefined ? {} : { limits: limit }),
      ...(request === undefined ? {} : { requests: request }),
    };
    return { ...container, resources };
  };
  const containers = (pod.spec.containers ?? []).map((each) => filled(each, 'container'));
  const initContainers = pod.spec.initContainers?.map((each) => filled(each, 'init container'));
  if (notes.length === 0) return pod;
  const { metadata } = pod;
  return {
    ...pod,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` },
    },
    spec: { ...pod.spec, containers, ...(initContainers === undefined ? {} : { initContainers }) },
  };
}

function merged(had: Quantities | undefined, defaults: Quantities): [Quantities | undefined, readonly string[]] {
  const missing = Object.keys(defaults)
    .filter((name) => had === undefined || !Object.hasOwn(had, name))
    .sort();
  return missing.length === 0 ? [had, missing] : [{ ...defaults, ...had }, missing];
}

function podErrors({ spec }: Pod, range: LimitRange): readonly string[] {
  const errors: string[] = [];
  for (const item of range.spec.limits ?? []) {
    const check = (requests: Amounts, limits: Amounts): void => {
      for (const [name, enforced] of sortedAmounts(item.min))
        errors.push(...below(item.type, name, enforced, requests, limits));
      for (const [name, enforced] of sortedAmounts(item.max))
        errors.push(...above(item.type, name, enforced, requests, limits));
      for (const [name, enforced] of sortedAmounts(item.maxLimitRequestRatio))
        errors.push(...beyondRatio(item.type, name, enforced, requests, limits));
    };
    if (item.type === 'Container')
      for (const { resources } of [...spec.containers, ...(spec.initContainers ?? [])])
        check(amountsOf(resources?.requests), amountsOf(resources?.limits));
    if (item.type === 'Pod') check(podAmounts(spec, 'requests', false), podAmounts(spec, 'limits', false));
  }
  return errors;
}

function claimErrors({ spec }: PersistentVolumeClaim, range: LimitRange): readonly string[] {
  const errors: string[] = [];
  const requests = amountsOf(spec.resources?.requests);
  for (const item of range.spec.limits ?? []) {
    if (item.type !== 'PersistentVolumeClaim') continue;
    for (const [name, enforced] of sortedAmounts(item.min))
      errors.push(...below(item.type, name, enforced, requests, none));
    for (const [name, enforced] of sortedAmounts(item.max)) {
      const request = requests.get(name);
      const start = `maximum ${name} usage per ${item.type} is ${quantityText(enforced)}`;
      if (request === undefined) errors.push(`${start}.  No request is specified`);
      else if (compareQuantities(request, enforced) > 0)
        errors.push(`${start}, but request is ${quantityText(request)}`);
    }
  }
  return errors;
}

const none: Amounts = new Map();
const sortedAmounts = (list: Quantities | undefined): readonly (readonly [string, Quantity])[] =>
  [...amountsOf(list)].sort(([a], [b]) => (a < b ? -1 : 1));

function below(type: string, name: string, enforced: Quantity, requests: Amounts, limits: Amounts): readonly string[] {
  const request = requests.get(name);
  const limit = limits.get(name);
  const start = `minimum ${name} usage per ${type} is ${quantityText(enforced)}`;
  if (request === undefined) return [`${start}.  No request is specified`];
  if (compareQuantities(request, enforced) < 0) return [`${start}, but request is ${quantityText(request)}`];
  if (limit !== undefined && compareQuantities(limit, enforced) < 0)
    return [`${start}, but limit is ${quantityText(limit)}`];
  return [];
}

function above(type: string, name: string, enforced: Quantity, requests: Amounts, limits: Amounts): readonly string[] {
  const request = requests.get(name);
  const limit = limits.get(name);
  const start = `maximum ${name} usage per ${type} is ${quantityText(enforced)}`;
  if (limit === undefined) return [`${start}.  No limit is specified`];
  if (compareQuantities(limit, enforced) > 0) return [`${start}, but limit is ${quantityText(limit)}`];
  if (request !== undefined && compareQuantities(request, enforced) > 0)
    return [`${start}, but request is ${quantityText(request)}`];
  return [];
}

/** Above this, thousandths do not fit into 64 bits (resource.MaxMilliValue). */
const maxMilli = 2n ** 63n / 1000n;

function beyondRatio(
  type: string,
  name: string,
  enforced: Quantity,
  requests: Amounts,
  limits: Amounts,
): readonly string[] {
  const request = requests.get(name);
  const limit = limits.get(name);
  const start = `${name} max limit to request ratio per ${type} is ${quantityText(enforced)}, but`;
  if (request === undefined || request.unscaled === 0n) return [`${start} no request is specified or request is 0`];
  if (limit === undefined || limit.unscaled === 0n) return [`${start} no limit is specified or limit is 0`];
  const fine = [request, limit, enforced].every((each) => quantityInteger(each) <= maxMilli);
  const value = fine ? quantityMilli : quantityInteger;
  const ratio = Number(value(limit)) / Number(value(request));
  const allowed = Number(quantityMilli(enforced)) / 1000;
  return ratio > allowed ? [`${start} provided ratio is ${ratio.toFixed(6)}`] : [];
}
