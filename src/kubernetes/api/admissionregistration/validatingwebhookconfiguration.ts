import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { ageColumn, integer, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateWebhooks } from '../validation/webhooks';
import { categories, group } from './rules';
import { webhookList, withWebhookDefaults, type Webhook } from './webhooks';

export interface ValidatingWebhookConfiguration extends ApiObject {
  readonly webhooks?: readonly Webhook[];
}

export const validatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration>({
  names: {
    group,
    version: 'v1',
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
    categories,
  },
  scope: 'Cluster',
  schema: object('ValidatingWebhookConfiguration', { webhooks: webhookList('ValidatingWebhook') }),
  generation: ({ webhooks }) => webhooks,
  defaults: (given) =>
    given.webhooks === undefined
      ? given
      : { ...given, webhooks: given.webhooks.map((each) => withWebhookDefaults(each, false)) },
  validateCreate: ({ webhooks = [] }, errors) => validateWebhooks(webhooks, undefined, errors.at('webhooks')),
  validateUpdate: ({ webhooks = [] }, old, errors) =>
    validateWebhooks(webhooks, old.webhooks ?? [], errors.at('webhooks')),
  columns: [
    nameColumn,
    integer(
      'Webhooks',
      ({ webhooks = [] }) => webhooks.length,
      'Webhooks indicates the number of webhooks registered in this configuration',
    ),
    ageColumn,
  ],
});
