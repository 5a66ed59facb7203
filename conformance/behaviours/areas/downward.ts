import { at, patches } from '../client';
import { area, type Behaviour, type Behaviours } from '../framework';
import { contains, look, mounting, outputOf, reach, saying, start } from '../pods';

const field = (path: string, fieldPath: string, more: object = {}) => ({ path, fieldRef: { fieldPath }, ...more });
const resource = (path: string, name: string) => ({
  path,
  resourceFieldRef: { containerName: 'test-container', resource: name },
});
const resources = {
  requests: { cpu: '250m', memory: '32Mi' },
  limits: { cpu: '1250m', memory: '64Mi' },
};
const file = (path: string): string => `/etc/podinfo/${path}`;

/** What a pod is told of itself in files; `volume` makes a volume of items. */
function behaviours(volume: (items: readonly object[], defaultMode?: number) => object): Behaviours {
  const told =
    (item: { readonly path: string }, wanted: string | RegExp, container: object = {}, mode?: number): Behaviour =>
    async (f) => {
      const script = look(file(item.path));
      const said = await outputOf(f, { script, ...mounting(volume([item], mode), '/etc/podinfo', container) });
      if (typeof wanted === 'string') contains(f, said, wanted);
      else f.holds(wanted.test(said), `${wanted.source} in ${said}`);
    };
  const changed =
    (what: 'labels' | 'annotations'): Behaviour =>
    async (f) => {
      await start(f, {
        script: `while true; do cat ${file(what)}; echo; sleep 5; done`,
        metadata: { [what]: { key1: 'value1', key2: 'value2' } },
        ...mounting(volume([field(what, `metadata.${what}`)]), '/etc/podinfo'),
      });
      await reach(f, 'test-pod', 'Running');
      await saying(f, 'test-pod', 'key1="value1"\n');
      await f.api.patch(f.at('pods', 'test-pod'), { metadata: { [what]: { key3: 'value3' } } }, patches.strategic);
      await saying(f, 'test-pod', 'key3="value3"');
    };
  const name = field('podname', 'metadata.name');
  const limited = { resources };
  return {
    'should provide podname only [NodeConformance]': told(name, 'test-pod'),
    'should set DefaultMode on files [LinuxOnly] [NodeConformance]': told(name, ': -r--------', {}, 0o400),
    'should set mode on item file [LinuxOnly] [NodeConformance]': told({ ...name, ...{ mode: 0o400 } }, ': -r--------'),
    'should update labels on modification [NodeConformance]': changed('labels'),
    'should update annotations on modification [NodeConformance]': changed('annotations'),
    "should provide container's cpu limit [NodeConformance]": told(resource('cpu', 'limits.cpu'), '\n2\n', limited),
    "should provide container's cpu request [NodeConformance]": told(resource('cpu', 'requests.cpu'), '\n1\n', limited),
    "should provide container's memory limit [NodeConformance]": told(
      resource('memory', 'limits.memory'),
      '\n67108864\n',
      limited,
    ),
    "should provide container's memory request [NodeConformance]": told(
      resource('memory', 'requests.memory'),
      '\n33554432\n',
      limited,
    ),
    'should provide node allocatable (cpu) as default cpu limit if the limit is not set [NodeConformance]': told(
      resource('cpu', 'limits.cpu'),
      /\n[1-9]\d*\n/,
    ),
    'should provide node allocatable (memory) as default memory limit if the limit is not set [NodeConformance]': told(
      resource('memory', 'limits.memory'),
      /\n[1-9]\d*\n/,
    ),
  };
}

const environment =
  (wanted: Readonly<Record<string, object>>, ...patterns: readonly RegExp[]): Behaviour =>
  async (f) => {
    const said = await outputOf(f, {
      script: 'env',
      container: {
        resources,
        env: Object.entries(wanted).map(([name, valueFrom]) => ({ name, valueFrom })),
      },
    });
    for (const each of patterns) f.holds(each.test(said), `${each.source} in ${said}`);
  };
const ref = (fieldPath: string) => ({ fieldRef: { fieldPath } });
const amount = (name: string) => ({ resourceFieldRef: { resource: name } });
const amounts = {
  CPU_LIMIT: amount('limits.cpu'),
  MEMORY_LIMIT: amount('limits.memory'),
  CPU_REQUEST: amount('requests.cpu'),
  MEMORY_REQUEST: amount('requests.memory'),
};

export const downward: Behaviours = {
  ...area(
    '[sig-storage] Downward API volume',
    behaviours((items, defaultMode) => ({
      downwardAPI: { items, ...(defaultMode === undefined ? {} : { defaultMode }) },
    })),
  ),
  ...area(
    '[sig-storage] Projected downwardAPI',
    behaviours((items, defaultMode) => ({
      projected: { sources: [{ downwardAPI: { items } }], ...(defaultMode === undefined ? {} : { defaultMode }) },
    })),
  ),
  ...area('[sig-storage] Projected combined', {
    'should project all components that make up the projection API [Projection] [NodeConformance]': async (f) => {
      await f.api.create(f.at('configmaps'), {
        metadata: { name: 'config' },
        data: { 'configmap-data': 'configmap-value-1' },
      });
      await f.api.create(f.at('secrets'), {
        metadata: { name: 'secret' },
        stringData: { 'secret-data': 'secret-value-1' },
      });
      const sources = [
        { downwardAPI: { items: [field('podname', 'metadata.name')] } },
        { secret: { name: 'secret', items: [{ key: 'secret-data', path: 'secret-data' }] } },
        { configMap: { name: 'config', items: [{ key: 'configmap-data', path: 'configmap-data' }] } },
      ];
      const said = await outputOf(f, {
        script: 'cat /all/podname && cat /all/secret-data && cat /all/configmap-data',
        ...mounting({ projected: { sources } }, '/all'),
      });
      contains(f, said, 'test-pod', 'secret-value-1', 'configmap-value-1');
    },
  }),
  ...area('[sig-node] Downward API', {
    'should provide pod name, namespace and IP address as env vars [NodeConformance]': (f) =>
      environment(
        { POD_NAME: ref('metadata.name'), POD_NAMESPACE: ref('metadata.namespace'), POD_IP: ref('status.podIP') },
        /^POD_NAME=test-pod$/m,
        new RegExp(`^POD_NAMESPACE=${f.namespace}$`, 'm'),
        /^POD_IP=\d+\.\d+\.\d+\.\d+$/m,
      )(f),
    'should provide host IP as an env var [NodeConformance]': environment(
      { HOST_IP: ref('status.hostIP') },
      /^HOST_IP=\d+\.\d+\.\d+\.\d+$/m,
    ),
    'should provide hostIPs as an env var [NodeConformance]': environment(
      { HOST_IPS: ref('status.hostIPs') },
      /^HOST_IPS=\d+\.\d+\.\d+\.\d+/m,
    ),
    'should provide pod UID as env vars [NodeConformance]': async (f) => {
      await environment({ POD_UID: ref('metadata.uid') }, /^POD_UID=[\w-]{36}$/m)(f);
      f.equal(typeof at(await f.api.get(f.at('pods', 'test-pod')), 'metadata', 'uid'), 'string', 'the UID');
    },
    "should provide container's limits.cpu/memory and requests.cpu/memory as env vars [NodeConformance]": environment(
      amounts,
      /^CPU_LIMIT=2$/m,
      /^MEMORY_LIMIT=67108864$/m,
      /^CPU_REQUEST=1$/m,
      /^MEMORY_REQUEST=33554432$/m,
    ),
    'should provide default limits.cpu/memory from node allocatable [NodeConformance]': async (f) => {
      const said = await outputOf(f, {
        script: 'env',
        container: {
          env: [
            { name: 'CPU_LIMIT', valueFrom: amounts.CPU_LIMIT },
            { name: 'MEMORY_LIMIT', valueFrom: amounts.MEMORY_LIMIT },
          ],
        },
      });
      for (const each of [/^CPU_LIMIT=[1-9]\d*$/m, /^MEMORY_LIMIT=[1-9]\d*$/m]) f.holds(each.test(said), said);
    },
  }),
};
