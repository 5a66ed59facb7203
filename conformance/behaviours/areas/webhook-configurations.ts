import { at, type Thing } from '../client';
import type { Framework } from '../framework';
import { configMap } from './objects';

export const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
export type Kind = 'validating' | 'mutating';
export const pathOf = (kind: Kind): string => `${ADMISSION}/${kind}webhookconfigurations`;

interface Rule {
  readonly operations: readonly string[];
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
}

export const rule = (operations: string, resource: string, group = '', versions: readonly string[] = ['v1']): Rule => ({
  operations: operations.split(' '),
  apiGroups: [group],
  apiVersions: versions,
  resources: [resource],
});

export interface Webhook {
  readonly name: string;
  readonly rule: Rule;
  readonly path: string;
  /** Whatever else it says. */
  readonly more?: object;
}

const markers = (f: Framework): string => `${f.namespace}-markers`;
const own = (f: Framework) => ({ matchLabels: { [f.namespace]: 'true' } });

/** A configuration in force: a marker, which it denies, tells. The own namespace is what its webhooks look at. */
export async function configure(
  f: Framework,
  kind: Kind,
  webhooks: readonly Webhook[],
  metadata: object = {},
): Promise<Thing> {
  const body = await configuration(f, kind, webhooks, metadata);
  const made = await f.createGlobal(pathOf(kind), body);
  await ready(f);
  return made;
}

export async function configuration(f: Framework, kind: Kind, webhooks: readonly Webhook[], metadata: object = {}) {
  const server = await f.webhooks();
  if (!(await f.exists(`/api/v1/namespaces/${markers(f)}`)))
    await f.createNamespace(markers(f), { [markers(f)]: 'true', [f.namespace]: 'false' });
  const common = { sideEffects: 'None', admissionReviewVersions: ['v1', 'v1beta1'] };
  return {
    metadata: { name: f.namespace, ...metadata },
    webhooks: [
      ...webhooks.map(({ name, rule: only, path, more = {} }) => ({
        name,
        rules: [only],
        clientConfig: server.clientConfig(path),
        namespaceSelector: own(f),
        ...common,
        ...more,
      })),
      {
        name: `${kind}-is-webhook-configuration-ready.k8s.io`,
        rules: [rule('CREATE', 'configmaps')],
        clientConfig: server.clientConfig('/always-deny'),
        failurePolicy: 'Ignore',
        namespaceSelector: { matchLabels: { [markers(f)]: 'true' } },
        objectSelector: own(f),
        ...common,
      },
    ],
  };
}

export async function ready(f: Framework): Promise<void> {
  let index = 0;
  await f.until(async () => {
    const name = `marker-${index++}`;
    const { code, text } = await f.api.ask(
      'POST',
      f.at('configmaps', undefined, markers(f)),
      configMap(name, {}, { [f.namespace]: 'true' }),
    );
    if (code < 300) await f.api.delete(f.at('configmaps', name, markers(f)));
    return code >= 400 && text.includes('denied');
  }, 'the webhooks to be called');
}

export const denyConfigMaps: Webhook = {
  name: 'deny-unwanted-configmap-data.k8s.io',
  rule: rule('CREATE UPDATE DELETE', 'configmaps'),
  path: '/configmaps',
};

export const mutateConfigMaps = (stage: number): Webhook => ({
  name: `adding-configmap-data-stage-${stage}.k8s.io`,
  rule: rule('CREATE', 'configmaps'),
  path: '/mutating-configmaps',
});

export const unwanted = (name: string) => configMap(name, { 'webhook-e2e-test': 'webhook-disallow' });
export const mutable = (name: string) => configMap(name, { 'mutation-start': 'yes' });

let tries = 0;

/** Creating what is unwanted comes to be denied, or not. */
export const denies = (f: Framework, wanted: boolean): Promise<void> =>
  f.until(
    async () => {
      const name = `cm-${tries++}`;
      const { code, text } = await f.api.ask('POST', f.at('configmaps'), unwanted(name));
      if (code < 300) await f.api.delete(f.at('configmaps', name));
      else if (!text.includes('denied')) throw new Error(text);
      return code >= 400 === wanted;
    },
    wanted ? 'a denial' : 'no denial',
    30_000,
  );

/** What is made comes to be mutated, or not. */
export const mutates = (f: Framework, wanted: boolean): Promise<void> =>
  f.until(
    async () => {
      const name = `cm-${tries++}`;
      const made = await f.api.create(f.at('configmaps'), mutable(name));
      await f.api.delete(f.at('configmaps', name));
      return (at(made, 'data', 'mutation-stage-1') !== undefined) === wanted;
    },
    wanted ? 'a mutation' : 'no mutation',
    30_000,
  );

/** The data of an object that went through the first stages of its mutation. */
export const stages = (last: number) =>
  Object.fromEntries([
    ['mutation-start', 'yes'],
    ...Array.from({ length: last }, (_, index) => [`mutation-stage-${index + 1}`, 'yes']),
  ]) as Readonly<Record<string, string>>;
