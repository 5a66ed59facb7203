import { patches } from '../client';
import { area, type Behaviour, type Behaviours, type Framework } from '../framework';
import { contains, logs, look, mounting, outputOf, reach, saying, start } from '../pods';

interface Options {
  readonly items?: readonly object[];
  readonly defaultMode?: number;
  readonly optional?: boolean;
}

/** An object whose data are files of a volume, plainly or projected. */
interface Kept {
  readonly resource: 'configmaps' | 'secrets';
  readonly volume: (name: string, options?: Options) => object;
}

const configMap: Kept = { resource: 'configmaps', volume: (name, more) => ({ configMap: { name, ...more } }) };
const secret: Kept = { resource: 'secrets', volume: (secretName, more) => ({ secret: { secretName, ...more } }) };
const projected = (source: 'configMap' | 'secret', resource: Kept['resource']): Kept => ({
  resource,
  volume: (name, { defaultMode, ...more } = {}) => ({
    projected: { sources: [{ [source]: { name, ...more } }], ...(defaultMode === undefined ? {} : { defaultMode }) },
  }),
});

const data = { 'data-1': 'value-1', 'data-2': 'value-2', 'data-3': 'value-3' };
const NAME = 'test-volume';

/** Both kinds take texts like this. */
const body = (kept: Kept, name: string, texts: Readonly<Record<string, string>>) => ({
  metadata: { name },
  ...(kept.resource === 'secrets' ? { stringData: texts } : { data: texts }),
});
const make = (f: Framework, kept: Kept, name = NAME, texts: Readonly<Record<string, string>> = data) =>
  f.api.create(f.at(kept.resource), body(kept, name, texts));

/** A file of the object must be there, with this mode. */
const consumed =
  (
    kept: Kept,
    {
      options,
      mode = '-rw-r--r--',
      path = 'data-1',
      value = 'value-1',
      security,
    }: {
      readonly options?: Options;
      readonly mode?: string;
      readonly path?: string;
      readonly value?: string;
      readonly security?: object;
    } = {},
  ): Behaviour =>
  async (f) => {
    await make(f, kept);
    const file = `/etc/volume/${path}`;
    const said = await outputOf(f, {
      script: look(file),
      ...mounting(
        kept.volume(NAME, options),
        '/etc/volume',
        {},
        security === undefined ? {} : { securityContext: security },
      ),
    });
    contains(f, said, `mode of ${file}: ${mode}`, value);
  };

const items = (mode?: number): Options => ({
  items: [{ key: 'data-2', path: 'path/to/data-2', ...(mode === undefined ? {} : { mode }) }],
});
const mapped = { path: 'path/to/data-2', value: 'value-2' };
const follow = (...files: readonly string[]): string =>
  `while true; do for f in ${files.join(' ')}; do echo "$f: $(cat $f 2>&1)"; done; sleep 5; done`;

const inTwoVolumes =
  (kept: Kept): Behaviour =>
  async (f) => {
    await make(f, kept);
    const said = await outputOf(f, {
      script: look('/etc/volume-1/data-1', '/etc/volume-2/data-1'),
      container: {
        volumeMounts: [1, 2].map((index) => ({
          name: `volume-${index}`,
          mountPath: `/etc/volume-${index}`,
          readOnly: true,
        })),
      },
      spec: { volumes: [1, 2].map((index) => ({ name: `volume-${index}`, ...kept.volume(NAME) })) },
    });
    f.equal(said.split('value-1').length, 3, 'how often the value is there');
  };

const updated =
  (kept: Kept): Behaviour =>
  async (f) => {
    await make(f, kept);
    await start(f, { script: follow('/etc/volume/data-1'), ...mounting(kept.volume(NAME), '/etc/volume') });
    await reach(f, 'test-pod', 'Running');
    await saying(f, 'test-pod', 'data-1: value-1');
    await f.api.update(f.at(kept.resource, NAME), body(kept, NAME, { 'data-1': 'value-2' }));
    await saying(f, 'test-pod', 'data-1: value-2');
  };

/** One is deleted, one is changed, one comes only later. */
const optional =
  (kept: Kept): Behaviour =>
  async (f) => {
    const names = ['del', 'upd', 'create'];
    await make(f, kept, 'del');
    await make(f, kept, 'upd');
    await start(f, {
      script: follow('/etc/volumes/del/data-1', '/etc/volumes/upd/data-3', '/etc/volumes/create/data-1'),
      container: { volumeMounts: names.map((name) => ({ name, mountPath: `/etc/volumes/${name}` })) },
      spec: { volumes: names.map((name) => ({ name, ...kept.volume(name, { optional: true }) })) },
    });
    await reach(f, 'test-pod', 'Running');
    await saying(f, 'test-pod', "create/data-1: cat: can't open");
    await saying(f, 'test-pod', 'del/data-1: value-1');
    await f.api.delete(f.at(kept.resource, 'del'));
    await f.api.update(f.at(kept.resource, 'upd'), body(kept, 'upd', { 'data-3': 'value-3-changed' }));
    await make(f, kept, 'create');
    await saying(f, 'test-pod', 'create/data-1: value-1');
    await saying(f, 'test-pod', 'upd/data-3: value-3-changed');
    await saying(f, 'test-pod', "del/data-1: cat: can't open");
  };

/** Once it says so, neither its data nor that it says so can change; metadata can. */
const immutable =
  (kept: Kept): Behaviour =>
  async (f) => {
    await make(f, kept);
    const path = f.at(kept.resource, NAME);
    const value = kept.resource === 'secrets' ? btoa('new') : 'new';
    await f.api.patch(path, { data: { 'data-1': value } }, patches.strategic);
    await f.api.patch(path, { immutable: true }, patches.strategic);
    await f.refused(f.api.patch(path, { data: { 'data-4': value } }, patches.strategic), 422, 'immutable');
    await f.refused(f.api.patch(path, { immutable: false }, patches.strategic), 422, 'immutable');
    await f.api.patch(path, { metadata: { labels: { still: 'mutable' } } }, patches.strategic);
    await f.api.delete(path);
  };

const userOf = { runAsUser: 1000 };
const both = (kept: Kept): Behaviours => ({
  'should be consumable from pods in volume [NodeConformance]': consumed(kept),
  'should be consumable from pods in volume with defaultMode set [LinuxOnly] [NodeConformance]': consumed(kept, {
    options: { defaultMode: 0o400 },
    mode: '-r--------',
  }),
  'should be consumable from pods in volume with mappings [NodeConformance]': consumed(kept, {
    ...mapped,
    options: items(),
  }),
  'optional updates should be reflected in volume [NodeConformance]': optional(kept),
});

const ofConfigMaps = (kept: Kept): Behaviours => ({
  ...both(kept),
  'should be consumable from pods in volume as non-root [NodeConformance]': consumed(kept, { security: userOf }),
  'should be consumable from pods in volume with mappings as non-root [NodeConformance]': consumed(kept, {
    ...mapped,
    options: items(),
    security: userOf,
  }),
  'should be consumable from pods in volume with mappings and Item mode set [LinuxOnly] [NodeConformance]': consumed(
    kept,
    { ...mapped, options: items(0o400), mode: '-r--------' },
  ),
  'should be consumable in multiple volumes in the same pod [NodeConformance]': inTwoVolumes(kept),
  'updates should be reflected in volume [NodeConformance]': updated(kept),
});

const ofSecrets = (kept: Kept): Behaviours => ({
  ...both(kept),
  'should be consumable from pods in volume as non-root with defaultMode and fsGroup set [LinuxOnly] [NodeConformance]':
    consumed(kept, {
      options: { defaultMode: 0o440 },
      mode: '-r--r-----',
      security: { ...userOf, fsGroup: 1001 },
    }),
  'should be consumable from pods in volume with mappings and Item Mode set [LinuxOnly] [NodeConformance]': consumed(
    kept,
    { ...mapped, options: items(0o400), mode: '-r--------' },
  ),
  'should be consumable in multiple volumes in a pod [NodeConformance]': inTwoVolumes(kept),
});

export const keptVolumes: Behaviours = {
  ...area('[sig-storage] ConfigMap', {
    ...ofConfigMaps(configMap),
    'should be immutable if `immutable` field is set': immutable(configMap),
    'binary data should be reflected in volume [NodeConformance]': async (f) => {
      const bytes = String.fromCharCode(0xde, 0xca, 0xfe, 0xba, 0xd0, 0xfe, 0xff);
      await f.api.create(f.at('configmaps'), {
        ...body(configMap, NAME, { 'data-1': 'value-1' }),
        binaryData: { 'dump.bin': btoa(bytes) },
      });
      const said = await outputOf(f, {
        script: 'cat /etc/volume/data-1; echo; hexdump -C /etc/volume/dump.bin',
        ...mounting(configMap.volume(NAME), '/etc/volume'),
      });
      contains(f, said, 'value-1', 'de ca fe ba d0 fe ff');
    },
  }),
  ...area('[sig-storage] Secrets', {
    ...ofSecrets(secret),
    'should be immutable if `immutable` field is set': immutable(secret),
    'should be able to mount in a volume regardless of a different secret existing with same name in different namespace [NodeConformance]':
      async (f) => {
        const other = `${f.namespace}-other`;
        await f.createNamespace(other);
        await f.api.create(f.at('secrets', undefined, other), body(secret, NAME, { 'data-1': 'another' }));
        await consumed(secret)(f);
        f.holds(!(await logs(f, 'test-pod')).includes('another'), 'the value is not of the other namespace');
      },
  }),
  ...area('[sig-storage] Projected configMap', ofConfigMaps(projected('configMap', 'configmaps'))),
  ...area('[sig-storage] Projected secret', ofSecrets(projected('secret', 'secrets'))),
};
