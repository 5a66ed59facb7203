import type { ObjectMeta } from '../../../apimachinery/object';
import type { Container, PodSpec } from '../../../api/core/pod-spec';

/** What a check has against a pod. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export type CheckPod = (metadata: Partial<ObjectMeta>, spec: PodSpec) => Violation | undefined;

/** A control of the Pod Security Standards (policy.Check). */
export interface Check {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** Since which minor version it holds in which form, ascending. */
  readonly versions: readonly { readonly since: number; readonly check: CheckPod; readonly overrides?: string }[];
}

/** `"a", "b"` */
export const quoted = (items: readonly string[]): string => (items.length === 0 ? '' : `"${items.join('", "')}"`);

export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);

/** `container "a"`, `containers "a", "b"`. */
export const containersText = (names: readonly string[]): string =>
  `${plural('container', names.length)} ${quoted(names)}`;

export const sorted = (items: Iterable<string>): readonly string[] => [...new Set(items)].sort();

/** All containers, in the order upstream visits them. */
export function containersOf(spec: PodSpec): readonly Container[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  return initContainers.length === 0 && ephemeralContainers.length === 0
    ? (containers ?? [])
    : [...initContainers, ...(containers ?? []), ...(ephemeralContainers as readonly Container[])];
}

/** `pod and containers "a", "b"`: who sets what must not be. */
export function setters(pod: boolean, names: readonly string[]): string {
  return [...(pod ? ['pod'] : []), ...(names.length === 0 ? [] : [containersText(names)])].join(' and ');
}

/** The names of the containers for which something holds. */
export const namesWhere = (spec: PodSpec, holds: (container: Container) => boolean): readonly string[] =>
  containersOf(spec).flatMap((container) => (holds(container) ? [container.name] : []));

export const isWindows = ({ os }: PodSpec): boolean => os?.name === 'windows';
