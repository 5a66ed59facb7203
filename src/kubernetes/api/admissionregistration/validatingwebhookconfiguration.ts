import { webhookConfiguration } from './webhook-configuration';

export const validatingWebhookConfiguration = webhookConfiguration('Validating');
