import { changedTemplateWarnings } from '../validation/warnings';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, ObjectMeta } from '../../apimachinery/object';
import { column, labelsText, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validatePodTemplate } from '../validation/pod-spec';
import { defaultPodTemplate } from './pod-defaults';
import { podTemplateSpec } from './pod-schema';
import type { PodTemplateSpec } from './pod-spec';

export interface PodTemplate extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly template: PodTemplateSpec;
}

export const podTemplate = defineKind<PodTemplate>({
  names: { group: '', version: 'v1', kind: 'PodTemplate', plural: 'podtemplates' },
  scope: 'Namespaced',
  updateValidation: ['metaUpdate', 'validate', 'update'],
  schema: object('PodTemplate', { template: podTemplateSpec }),
  generation: ({ template }) => template,
  defaults: (given) => ({ ...given, template: defaultPodTemplate(given.template ?? ({} as PodTemplateSpec)) }),
  validate: ({ template }, errors) => validatePodTemplate(template, errors.at('template')),
  warnings: (given, old) => changedTemplateWarnings(given, old, given.template, 'template'),
  columns: [
    nameColumn,
    column('Containers', ({ template }) => template.spec.containers.map(({ name }) => name).join(',')),
    column('Images', ({ template }) => template.spec.containers.map(({ image }) => image).join(',')),
    column('Pod Labels', ({ template }) => labelsText(template.metadata.labels)),
  ],
});
