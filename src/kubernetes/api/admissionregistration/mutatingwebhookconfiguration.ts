import { webhookConfiguration } from './webhook-configuration';

export const mutatingWebhookConfiguration = webhookConfiguration('Mutating');
