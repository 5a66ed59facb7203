import { at } from '../client';
import { area, type Behaviour, type Behaviours } from '../framework';
import { contains, exec, mounting, outputOf, reach, shellContainer } from '../pods';

const emptyDir = (medium: string) => ({ emptyDir: medium === 'tmpfs' ? { medium: 'Memory' } : {} });
const onFile = (medium: string): string => (medium === 'tmpfs' ? 'tmpfs' : '(ext4|overlay|xfs)');

const file =
  (user: 'root' | 'non-root', mode: string, permissions: string, medium: string): Behaviour =>
  async (f) => {
    const path = '/test-volume/test-file';
    const script =
      `grep " /test-volume " /proc/mounts; umask 0; echo mount-tester new file > ${path} && chmod ${mode} ${path}; ` +
      `cat ${path}; stat -c %A ${path}; stat -c %u ${path}`;
    const security = user === 'root' ? {} : { securityContext: { runAsUser: 1001 } };
    const said = await outputOf(f, { script, ...mounting(emptyDir(medium), '/test-volume', {}, security) });
    contains(f, said, 'mount-tester new file', permissions, user === 'root' ? '\n0\n' : '\n1001\n');
    f.holds(new RegExp(` /test-volume ${onFile(medium)} `).test(said), `the file system in ${said}`);
  };

const folder =
  (medium: string): Behaviour =>
  async (f) => {
    const script = 'grep " /test-volume " /proc/mounts; stat -c %A /test-volume';
    const said = await outputOf(f, { script, ...mounting(emptyDir(medium), '/test-volume') });
    contains(f, said, 'drwxrwxrwx');
    f.holds(new RegExp(` /test-volume ${onFile(medium)} `).test(said), `the file system in ${said}`);
  };

const modes: Readonly<Record<string, string>> = { '0644': '-rw-r--r--', '0666': '-rw-rw-rw-', '0777': '-rwxrwxrwx' };
const ofModes: Record<string, Behaviour> = {};
for (const user of ['root', 'non-root'] as const)
  for (const [mode, permissions] of Object.entries(modes))
    for (const medium of ['default', 'tmpfs'])
      ofModes[`should support (${user},${mode},${medium}) [LinuxOnly] [NodeConformance]`] = file(
        user,
        mode,
        permissions,
        medium,
      );

export const emptyDirs: Behaviours = {
  ...area('[sig-storage] EmptyDir volumes', {
    ...ofModes,
    'volume on default medium should have the correct mode [LinuxOnly] [NodeConformance]': folder('default'),
    'volume on tmpfs should have the correct mode [LinuxOnly] [NodeConformance]': folder('tmpfs'),
    'pod should support shared volumes between containers': async (f) => {
      const volumeMounts = [{ name: 'shared', mountPath: '/usr/share/volumeshare' }];
      await f.api.create(f.at('pods'), {
        metadata: { name: 'shared' },
        spec: {
          terminationGracePeriodSeconds: 0,
          volumes: [{ name: 'shared', emptyDir: {} }],
          containers: [
            shellContainer('sleep 100000', 'main', { volumeMounts }),
            shellContainer(
              'echo Hello from the busy-box sub-container > /usr/share/volumeshare/shareddata.txt; sleep 100000',
              'sub',
              { volumeMounts },
            ),
          ],
        },
      });
      await reach(f, 'shared', 'Running');
      contains(
        f,
        await exec(f, 'shared', 'cat /usr/share/volumeshare/shareddata.txt', 'main'),
        'Hello from the busy-box',
      );
    },
  }),
  ...area('[sig-storage] EmptyDir wrapper volumes', {
    'should not conflict': async (f) => {
      await f.api.create(f.at('secrets'), { metadata: { name: 'wrapped' }, stringData: { 'data-1': 'value-1' } });
      await f.api.create(f.at('configmaps'), { metadata: { name: 'wrapped' }, data: { 'data-1': 'value-1' } });
      const said = await outputOf(f, {
        script: 'cat /etc/secret/data-1 /etc/configmap/data-1',
        container: {
          volumeMounts: ['secret', 'configmap'].map((name) => ({ name, mountPath: `/etc/${name}` })),
        },
        spec: {
          volumes: [
            { name: 'secret', secret: { secretName: 'wrapped' } },
            { name: 'configmap', configMap: { name: 'wrapped' } },
          ],
        },
      });
      f.equal(said, 'value-1value-1', 'both');
    },

    'should not cause race condition when used for configmaps [Serial]': async (f) => {
      const names = Array.from({ length: 50 }, (_, index) => `racey-configmap-${index}`);
      for (const name of names)
        await f.api.create(f.at('configmaps'), { metadata: { name }, data: { 'data-1': 'value-1' } });
      const template = {
        metadata: { labels: { name: 'wrapped-volume-race' } },
        spec: {
          terminationGracePeriodSeconds: 0,
          volumes: names.map((name) => ({
            name,
            configMap: { name, items: [{ key: 'data-1', path: 'data-1' }] },
          })),
          containers: [
            shellContainer('sleep 10000', 'test-container', {
              resources: { requests: { cpu: '10m' } },
              volumeMounts: names.map((name) => ({ name, mountPath: `/etc/config-${name}` })),
            }),
          ],
        },
      };
      const path = f.at('replicationcontrollers', 'wrapped-volume-race');
      for (let times = 0; times < 3; times++) {
        await f.api.create(f.at('replicationcontrollers'), {
          metadata: { name: 'wrapped-volume-race' },
          spec: { replicas: 5, template },
        });
        await f.until(async () => at(await f.api.get(path), 'status', 'readyReplicas') === 5, 'all five');
        await f.api.delete(path, { propagationPolicy: 'Foreground' });
        await f.gone(path);
      }
    },
  }),
};
