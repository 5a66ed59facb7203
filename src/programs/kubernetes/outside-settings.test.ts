import { beforeAll, expect, test } from 'vitest';
import { loadYaml } from '../../kubernetes/apimachinery/yaml';
import type { Process } from '../../linux/process/types';
import { settingsOf } from './apiserver-settings';

beforeAll(loadYaml);

const files: Readonly<Record<string, string>> = {
  '/etc/abac': '{"user":"jane"}\n',
  '/etc/authz.kubeconfig': `
clusters: [{name: remote, cluster: {server: https://authz.example.com/check, certificate-authority: ca.crt}}]
contexts: [{name: c, context: {cluster: remote}}]
current-context: c
`,
  '/etc/ca.crt': 'PEM',
  '/etc/authorization.yaml': `
authorizers:
- {type: Node, name: node}
- type: Webhook
  name: remote
  webhook: {timeout: 3s, failurePolicy: Deny, connectionInfo: {kubeConfigFile: /etc/authz.kubeconfig}}
`,
  '/etc/admission/config.yaml': `
plugins:
- {name: EventRateLimit, path: limits.yaml}
- {name: ImagePolicyWebhook, configuration: {imagePolicy: {kubeConfigFile: /etc/authz.kubeconfig, allowTTL: 50}}}
`,
  '/etc/admission/limits.yaml': 'limits: [{type: Server, qps: 1, burst: 1}]',
};

const fs = {
  readText: (path: string) =>
    Object.hasOwn(files, path)
      ? { ok: true, value: files[path] }
      : { ok: false, error: { message: 'No such file or directory' } },
};

const settings = (flags: Readonly<Record<string, string>>) => {
  const found = settingsOf({ fs } as unknown as Process, new Map(Object.entries(flags)));
  if (typeof found === 'string') return found;
  const { authorizationModes, abac, authorizationWebhooks, admissionConfigurations } = found;
  return { authorizationModes, abac: abac.length, authorizationWebhooks, plugins: [...admissionConfigurations] };
};

test('authorizers get what the files of their flags say', () => {
  const webhook = { url: 'https://authz.example.com/check', caBundle: btoa('PEM') };
  expect([
    settings({ 'authorization-mode': 'ABAC,Webhook', 'authorization-policy-file': '/etc/abac' }),
    settings({
      'authorization-mode': 'Webhook,ABAC',
      'authorization-policy-file': '/etc/abac',
      'authorization-webhook-config-file': '/etc/authz.kubeconfig',
      'authorization-webhook-cache-authorized-ttl': '10s',
    }),
    settings({ 'authorization-config': '/etc/authorization.yaml' }),
    settings({ 'authorization-mode': 'ABAC', 'authorization-policy-file': '/gone' }),
  ]).toEqual([
    "authorization-mode Webhook's authorization config file not passed",
    {
      authorizationModes: ['Webhook', 'ABAC'],
      abac: 1,
      authorizationWebhooks: [{ ...webhook, version: 'v1beta1', authorizedTtl: 10_000, unauthorizedTtl: 30_000 }],
      plugins: [],
    },
    {
      authorizationModes: ['Node', 'Webhook'],
      abac: 0,
      authorizationWebhooks: [
        {
          ...webhook,
          ...{ version: 'v1', authorizedTtl: 300_000, unauthorizedTtl: 30_000, timeout: 3000, onError: 'Deny' },
        },
      ],
      plugins: [],
    },
    'open /gone: no such file or directory',
  ]);
});

test('plugins get their configuration, from files beside the one that names them', () => {
  const all = 'EventRateLimit,ImagePolicyWebhook';
  expect([
    settings({
      'enable-admission-plugins': all,
      'admission-control-config-file': '/etc/admission/config.yaml',
    }),
    settings({ 'enable-admission-plugins': all }),
  ]).toMatchObject([
    {
      plugins: [
        ['EventRateLimit', { limits: [{ type: 'Server', qps: 1, burst: 1 }] }],
        ['ImagePolicyWebhook', { url: 'https://authz.example.com/check', allowTTL: 50_000, defaultAllow: false }],
      ],
    },
    'failed to initialize admission: couldn\'t init admission plugin "ImagePolicyWebhook": no config specified',
  ]);
});
