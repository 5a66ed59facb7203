import { equal } from '../../apimachinery/equal';
import { isDns1123Label } from '../../apimachinery/names';
import type { ApiObject } from '../../apimachinery/object';
import type { PodTemplateSpec } from '../core/pod-spec';
import { templateWarnings } from './pod-warnings';

/** Of the template of something that makes pods: of new ones, and of those whose generation goes up. */
export const changedTemplateWarnings = (
  now: ApiObject,
  old: ApiObject | undefined,
  template: PodTemplateSpec | undefined,
  place: string,
): readonly string[] =>
  old !== undefined && old.metadata.generation === now.metadata.generation ? [] : templateWarnings(template, place);

/** Of daemon sets (templateGeneration). */
export const newTemplateWarnings = (
  template: PodTemplateSpec,
  old: PodTemplateSpec | undefined,
  place: string,
): readonly string[] => (equal(template, old) ? [] : templateWarnings(template, place));

/** Names that pods get are their host names. */
export function nameWarnings({ metadata }: ApiObject, what: string): readonly string[] {
  const problems = hostnameProblems(metadata.name);
  return problems.length === 0
    ? []
    : [
        `metadata.name: this is used in ${what}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
      ];
}

const hostnameProblems = (name: string): readonly string[] =>
  isDns1123Label(name).map((text) =>
    name.includes('.') && text.startsWith('a lowercase') ? 'must not contain dots' : text,
  );

export const inPodNames = 'Pod names and hostnames';
export const inHostname = "the Pod's hostname";
