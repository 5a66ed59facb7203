import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { ageColumn, integer, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { validateWebhooks } from '../validation/webhooks';
import { categories, group } from './rules';
import { webhookList, withWebhookDefaults, type Webhook } from './webhooks';

interface WebhookConfiguration extends ApiObject {
  readonly webhooks?: readonly Webhook[];
}

/** The kind of the configurations of mutating webhooks, or of validating ones. */
export const webhookConfiguration = (does: 'Mutating' | 'Validating') =>
  defineKind<WebhookConfiguration>({
    names: {
      group,
      version: 'v1',
      kind: `${does}WebhookConfiguration`,
      plural: `${does.toLowerCase()}webhookconfigurations`,
      categories,
    },
    scope: 'Cluster',
    schema: object(`${does}WebhookConfiguration`, { webhooks: webhookList(`${does}Webhook`) }),
    generation: ({ webhooks }) => webhooks,
    defaults: (given) =>
      given.webhooks === undefined
        ? given
        : { ...given, webhooks: given.webhooks.map((each) => withWebhookDefaults(each, does === 'Mutating')) },
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
