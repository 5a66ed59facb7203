import { at, type Thing } from '../client';
import { area, type Behaviour, type Behaviours, type Framework } from '../framework';
import { contains, exec, mounting, outputOf, podOf, reach, saying, shellContainer, SLEEP, start } from '../pods';

const says =
  (container: object, ...parts: readonly string[]): Behaviour =>
  async (f) =>
    contains(f, await outputOf(f, { container }), ...parts);

const status = (pod: Thing, index = 0, list = 'containerStatuses'): unknown => at(pod, 'status', list, index);
const terminated = (pod: Thing): unknown => at(status(pod), 'state', 'terminated');

/** A container that ends this way has this termination message. */
const message =
  (script: string, container: object, phase: string, wanted: string): Behaviour =>
  async (f) => {
    await start(f, { script, container });
    const pod = await reach(f, 'test-pod', phase);
    f.equal(at(terminated(pod), 'message') ?? '', wanted, 'the message');
  };
const toLogs = { terminationMessagePolicy: 'FallbackToLogsOnError' };

const runtime: Behaviours = area('[sig-node] Container Runtime blackbox test', {
  'when starting a container that exits should run with the expected status [NodeConformance]': async (f) => {
    const cases = [
      ['Always', 'Running', 2, true],
      ['OnFailure', 'Succeeded', 1, false],
      ['Never', 'Failed', 0, false],
    ] as const;
    for (const [restartPolicy, phase, restarts, isUp] of cases) {
      const name = `terminate-cmd-${restartPolicy.toLowerCase()}`;
      // Fails first; the second time it succeeds or stays.
      const script = `f=/restart-count/restartCount; count=$(echo hello >> $f; wc -l $f | awk '{print $1}'); if [ $count -eq 1 ]; then exit 1; fi; if [ $count -eq 2 ] && [ ${restartPolicy} = Always ]; then exit 1; fi; if [ ${restartPolicy} = Always ]; then while true; do sleep 100; done; fi; exit 0`;
      const mount = mounting({ emptyDir: {} }, '/restart-count');
      await start(f, { name, script, container: mount.container, spec: { ...mount.spec, restartPolicy } });
      const wanted = async (): Promise<boolean> => {
        const pod = await f.api.get(f.at('pods', name));
        return at(pod, 'status', 'phase') === phase && at(status(pod), 'restartCount') === restarts;
      };
      await f.until(
        async () => (await wanted()) && at(status(await f.api.get(f.at('pods', name))), 'ready') === isUp,
        name,
      );
      const state = at(status(await f.api.get(f.at('pods', name))), 'state');
      f.holds(at(state, isUp ? 'running' : 'terminated') !== undefined, `the state of ${name}`);
      await f.api.delete(f.at('pods', name));
      await f.gone(f.at('pods', name));
    }
  },
  'on terminated container should report termination message if TerminationMessagePath is set as non-root user and at a non-default path [NodeConformance]':
    message(
      'echo -n DONE > /dev/termination-custom-log',
      { terminationMessagePath: '/dev/termination-custom-log', securityContext: { runAsUser: 1000 } },
      'Succeeded',
      'DONE',
    ),
  'on terminated container should report termination message from log output if TerminationMessagePolicy FallbackToLogsOnError is set [NodeConformance]':
    message('echo -n DONE; exit 1', toLogs, 'Failed', 'DONE'),
  'on terminated container should report termination message as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set [NodeConformance]':
    message('echo -n DONE; exit 0', toLogs, 'Succeeded', ''),
  'on terminated container should report termination message from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set [NodeConformance]':
    message('echo -n OK > /dev/termination-log; echo DONE; exit 0', toLogs, 'Succeeded', 'OK'),
});

const subPath = (subPathExpr: string, value: string, annotations: object = {}) => ({
  metadata: { annotations },
  container: {
    env: [
      { name: 'POD_NAME', value },
      { name: 'ANNOTATION', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['mysubpath']" } } },
    ],
    volumeMounts: [
      { name: 'workdir1', mountPath: '/subpath_mount', subPathExpr },
      { name: 'workdir1', mountPath: '/volume_mount' },
    ],
  },
  spec: { volumes: [{ name: 'workdir1', emptyDir: {} }] },
});
const pending = async (f: Framework): Promise<void> => {
  await f.lab.clock.advance(60_000);
  const pod = await f.api.get(f.at('pods', 'test-pod'));
  f.equal(at(pod, 'status', 'phase'), 'Pending', 'the phase');
};
const refusesSubPath =
  (value: string): Behaviour =>
  async (f) => {
    await start(f, { script: SLEEP, ...subPath('$(POD_NAME)', value) });
    await pending(f);
  };

const expansion: Behaviours = area('[sig-node] Variable Expansion', {
  'should allow composing env vars into new env vars [NodeConformance]': says(
    {
      command: ['sh', '-c', 'env'],
      env: [
        { name: 'FOO', value: 'foo-value' },
        { name: 'BAR', value: 'bar-value' },
        { name: 'FOOBAR', value: '$(FOO);;$(BAR)' },
      ],
    },
    'FOO=foo-value\n',
    'BAR=bar-value\n',
    'FOOBAR=foo-value;;bar-value\n',
  ),
  "should allow substituting values in a container's command [NodeConformance]": says(
    { command: ['sh', '-c', 'TEST_VAR=wrong echo "$(TEST_VAR)"'], env: [{ name: 'TEST_VAR', value: 'test-value' }] },
    'test-value\n',
  ),
  "should allow substituting values in a container's args [NodeConformance]": says(
    {
      command: ['sh', '-c'],
      args: ['TEST_VAR=wrong echo "$(TEST_VAR)"'],
      env: [{ name: 'TEST_VAR', value: 'test-value' }],
    },
    'test-value\n',
  ),
  'should allow substituting values in a volume subpath': async (f) => {
    const script = 'test -d /volume_mount/foo; echo $?';
    f.equal(await outputOf(f, { script, ...subPath('$(POD_NAME)', 'foo') }), '0\n', 'whether the folder is there');
  },
  'should fail substituting values in a volume subpath with backticks': refusesSubPath('..'),
  'should fail substituting values in a volume subpath with absolute path': refusesSubPath('/tmp'),
  'should verify that a failing subpath expansion can be modified during the lifecycle of a container [Slow]': async (
    f,
  ) => {
    await start(f, { script: SLEEP, ...subPath('$(ANNOTATION)/$(POD_NAME)', 'foo', { notmysubpath: 'mypath' }) });
    await pending(f);
    await f.api.patch(f.at('pods', 'test-pod'), { metadata: { annotations: { mysubpath: 'mypath' } } });
    await reach(f, 'test-pod', 'Running');
    await f.api.delete(f.at('pods', 'test-pod'));
    await f.gone(f.at('pods', 'test-pod'));
  },
  'should succeed in writing subpaths in container': async (f) => {
    await start(f, { script: SLEEP, ...subPath('$(ANNOTATION)/$(POD_NAME)', 'foo', { mysubpath: 'mypath' }) });
    await reach(f, 'test-pod', 'Running');
    await exec(f, 'test-pod', 'touch /volume_mount/mypath/foo/test.log');
    await exec(f, 'test-pod', 'test -f /subpath_mount/test.log');
    await f.api.patch(f.at('pods', 'test-pod'), { metadata: { annotations: { mysubpath: 'mynewpath' } } });
    await reach(f, 'test-pod', 'Running');
    await f.api.delete(f.at('pods', 'test-pod'));
    await f.gone(f.at('pods', 'test-pod'));
  },
});

const init = (name: string, script: string) => shellContainer(script, name);
const initialized = (pod: Thing, index: number): unknown =>
  at(status(pod, index, 'initContainerStatuses'), 'state', 'terminated', 'reason');

const initContainers: Behaviours = area('[sig-node] InitContainer [NodeConformance]', {
  'should invoke init containers on a RestartNever pod': async (f) => {
    await start(f, {
      script: 'true',
      spec: { initContainers: [init('init1', 'true'), init('init2', 'true')] },
    });
    const pod = await reach(f, 'test-pod', 'Succeeded');
    for (const index of [0, 1]) f.equal(initialized(pod, index), 'Completed', `init${index + 1}`);
  },
  'should invoke init containers on a RestartAlways pod': async (f) => {
    await start(f, {
      script: SLEEP,
      spec: { restartPolicy: 'Always', initContainers: [init('init1', 'true'), init('init2', 'true')] },
    });
    const pod = await reach(f, 'test-pod', 'Running');
    for (const index of [0, 1]) f.equal(initialized(pod, index), 'Completed', `init${index + 1}`);
  },
  'should not start app containers if init containers fail on a RestartAlways pod': async (f) => {
    await start(f, {
      script: SLEEP,
      spec: { restartPolicy: 'Always', initContainers: [init('init1', 'false'), init('init2', 'true')] },
    });
    const read = (): Promise<Thing> => f.api.get(f.at('pods', 'test-pod'));
    await f.until(
      async () => Number(at(status(await read(), 0, 'initContainerStatuses'), 'restartCount')) >= 3,
      'three restarts',
    );
    const pod = await read();
    f.equal(at(pod, 'status', 'phase'), 'Pending', 'the phase');
    f.holds(at(status(pod, 1, 'initContainerStatuses'), 'state', 'waiting') !== undefined, 'init2 waits');
    f.holds(at(status(pod), 'state', 'waiting') !== undefined, 'the container waits');
  },
  'should not start app containers and fail the pod if init containers fail on a RestartNever pod': async (f) => {
    await start(f, { script: 'true', spec: { initContainers: [init('init1', 'true'), init('init2', 'false')] } });
    const pod = await reach(f, 'test-pod', 'Failed');
    f.equal(initialized(pod, 0), 'Completed', 'init1');
    f.equal(initialized(pod, 1), 'Error', 'init2');
    f.holds(at(status(pod), 'state', 'waiting') !== undefined, 'the container waits');
  },
});

const secure =
  (script: string, container: object, wanted: RegExp, spec: object = {}): Behaviour =>
  async (f) => {
    const said = await outputOf(f, { script, container: { securityContext: container }, spec });
    f.holds(wanted.test(said), `${wanted.source} in ${said}`);
  };

const security: Behaviours = area('[sig-node] Security Context', {
  'When creating a container with runAsUser should run the container with uid 65534 [LinuxOnly] [NodeConformance]':
    secure('test $(id -u) -eq 65534 && echo ok', { runAsUser: 65534 }, /^ok$/m),
  'When creating a pod with privileged should run the container as unprivileged when false [LinuxOnly] [NodeConformance]':
    secure('ip link add dummy0 type dummy || true', { privileged: false }, /Operation not permitted/),
  'When creating a pod with readOnlyRootFilesystem should run the container with writable rootfs when readOnlyRootFilesystem=false [NodeConformance]':
    secure('touch checkfile && echo ok', { readOnlyRootFilesystem: false }, /^ok$/m),
  'when creating containers with AllowPrivilegeEscalation should not allow privilege escalation when false [LinuxOnly] [NodeConformance]':
    secure(
      'grep NoNewPrivs /proc/self/status',
      { allowPrivilegeEscalation: false, runAsUser: 1000 },
      /NoNewPrivs:\s*1/,
    ),
  'should support pod.Spec.SecurityContext.RunAsUser And pod.Spec.SecurityContext.RunAsGroup [LinuxOnly]': secure(
    'id',
    {},
    /uid=1001.*gid=2002/,
    { securityContext: { runAsUser: 1001, runAsGroup: 2002 } },
  ),
  'should support container.SecurityContext.RunAsUser And container.SecurityContext.RunAsGroup [LinuxOnly]': secure(
    'id',
    { runAsUser: 1001, runAsGroup: 2002 },
    /uid=1001.*gid=2002/,
    { securityContext: { runAsUser: 1000, runAsGroup: 2000 } },
  ),
});

/** A configuration's keys as variables, one by one or all. */
const environment = (resource: 'configmaps' | 'secrets'): Behaviours => {
  const isSecret = resource === 'secrets';
  const make = (f: Framework): Promise<Thing> =>
    f.api.create(f.at(resource), {
      metadata: { name: 'kept' },
      [isSecret ? 'stringData' : 'data']: { data_1: 'value-1', data_2: 'value-2' },
    });
  const single: Behaviour = async (f) => {
    await make(f);
    const valueFrom = { [isSecret ? 'secretKeyRef' : 'configMapKeyRef']: { name: 'kept', key: 'data_1' } };
    const said = await outputOf(f, { script: 'env', container: { env: [{ name: 'CONFIG_DATA_1', valueFrom }] } });
    contains(f, said, 'CONFIG_DATA_1=value-1\n');
  };
  const whole: Behaviour = async (f) => {
    await make(f);
    const ref = { [isSecret ? 'secretRef' : 'configMapRef']: { name: 'kept' } };
    const said = await outputOf(f, { script: 'env', container: { envFrom: [ref, { prefix: 'p-', ...ref }] } });
    contains(f, said, 'data_1=value-1\n', 'data_2=value-2\n', 'p-data_1=value-1\n', 'p-data_2=value-2\n');
  };
  const emptyKey: Behaviour = async (f) => {
    await f.refused(
      f.api.create(f.at(resource), { metadata: { name: 'kept' }, data: { '': isSecret ? btoa('v') : 'v' } }),
      422,
    );
  };
  return isSecret
    ? {
        'should be consumable from pods in env vars [NodeConformance]': single,
        'should be consumable via the environment [NodeConformance]': whole,
        'should fail to create secret due to empty secret key': emptyKey,
        'should patch a secret': async (f) => {
          const made = await f.api.create(f.at(resource), {
            metadata: { name: 'kept', labels: { testsecret: f.namespace } },
            data: { key: btoa('value') },
          });
          const selector = `labelSelector=testsecret%3D${f.namespace}`;
          const listed = async (): Promise<readonly Thing[]> => (await f.api.get(`/api/v1/secrets?${selector}`)).items;
          f.equal(
            (await listed()).map(({ metadata }) => metadata.uid),
            [made.metadata.uid],
            'what is listed',
          );
          await f.api.patch(f.at(resource, 'kept'), {
            metadata: { labels: { 'testsecret-patched': 'true' } },
            data: { key: btoa('value1') },
          });
          const patched = await f.api.get(f.at(resource, 'kept'));
          f.equal(
            [at(patched, 'data', 'key'), patched.metadata.labels?.['testsecret-patched']],
            [btoa('value1'), 'true'],
            'what is patched',
          );
          await f.api.delete(`${f.at(resource)}?${selector}`);
          f.equal((await listed()).length, 0, 'how many are left');
        },
      }
    : {
        'should be consumable via environment variable [NodeConformance]': single,
        'should be consumable via the environment [NodeConformance]': whole,
        'should fail to create ConfigMap with empty key': emptyKey,
        'should run through a ConfigMap lifecycle': async (f) => {
          const path = f.at(resource, 'kept');
          const selector = `labelSelector=test-configmap-static%3D${f.namespace}`;
          const watch = await f.api.watch(`${f.at(resource)}?${selector}`);
          await f.api.create(f.at(resource), {
            metadata: { name: 'kept', labels: { 'test-configmap-static': f.namespace } },
            data: { valueName: 'value' },
          });
          await watch.next('ADDED');
          const patch = { metadata: { labels: { 'test-configmap': 'patched' } }, data: { valueName: 'value1' } };
          await f.api.patch(path, patch);
          await watch.next('MODIFIED');
          const found = await f.api.get(path);
          f.equal(
            [at(found, 'data', 'valueName'), found.metadata.labels?.['test-configmap']],
            ['value1', 'patched'],
            'what is patched',
          );
          f.equal((await f.api.get(`/api/v1/configmaps?${selector}`)).items.length, 1, 'how many there are');
          await f.api.delete(`${f.at(resource)}?${selector}`);
          await watch.next('DELETED');
          f.equal((await f.api.get(`/api/v1/configmaps?${selector}`)).items.length, 0, 'how many are left');
        },
      };
};

const kubelet: Behaviours = area('[sig-node] Kubelet', {
  'when scheduling a busybox command in a pod should print the output to logs [NodeConformance]': async (f) => {
    await start(f, { script: "echo 'Hello World' ; sleep 240" });
    await reach(f, 'test-pod', 'Running');
    await saying(f, 'test-pod', 'Hello World');
  },
  'when scheduling a busybox command that always fails in a pod should have an terminated reason [NodeConformance]':
    async (f) => {
      await start(f, { container: { command: ['/bin/false'] }, spec: { restartPolicy: 'Always' } });
      await f.until(async () => {
        const pod = await f.api.get(f.at('pods', 'test-pod'));
        const found = terminated(pod) ?? at(status(pod), 'lastState', 'terminated');
        return at(found, 'exitCode') !== 0 && at(found, 'reason') !== undefined;
      }, 'a reason');
    },
  'when scheduling a busybox command that always fails in a pod should be possible to delete [NodeConformance]': async (
    f,
  ) => {
    await start(f, { container: { command: ['/bin/false'] }, spec: { restartPolicy: 'Always' } });
    await f.lab.clock.advance(10_000);
    await f.api.delete(f.at('pods', 'test-pod'));
    await f.gone(f.at('pods', 'test-pod'));
  },
  'when scheduling an agnhost Pod with hostAliases should write entries to /etc/hosts [NodeConformance]': async (f) => {
    const hostAliases = [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }];
    const said = await outputOf(f, { script: 'cat /etc/hosts', spec: { hostAliases } });
    f.holds(/^123\.45\.67\.89\s+foo\s+bar$/m.test(said), said);
    contains(f, said, '# Kubernetes-managed hosts file.');
  },
  'when scheduling a read only busybox container should not write to root filesystem [LinuxOnly] [NodeConformance]':
    async (f) => {
      await start(f, {
        script: 'echo test > /file; sleep 240',
        container: { securityContext: { readOnlyRootFilesystem: true } },
      });
      await reach(f, 'test-pod', 'Running');
      await saying(f, 'test-pod', "can't create /file: Read-only file system");
    },
});

const etcHosts: Behaviours = area('[sig-node] KubeletManagedEtcHosts', {
  'should test kubelet managed /etc/hosts file [NodeConformance]': async (f) => {
    const own = { volumeMounts: [{ name: 'host', mountPath: '/etc/hosts' }] };
    const pod = podOf({ script: SLEEP });
    for (const [name, hostNetwork] of [
      ['plain', false],
      ['hosted', true],
    ] as const)
      await f.api.create(f.at('pods'), {
        metadata: { name },
        spec: {
          ...pod.spec,
          hostNetwork,
          volumes: [{ name: 'host', hostPath: { path: '/etc/hosts', type: 'File' } }],
          containers: [shellContainer(SLEEP, 'managed'), shellContainer(SLEEP, 'mounted', own)],
        },
      });
    for (const name of ['plain', 'hosted']) await reach(f, name, 'Running');
    const isManaged = async (name: string, container: string): Promise<boolean> =>
      (await exec(f, name, 'cat /etc/hosts', container)).includes('# Kubernetes-managed hosts file');
    f.equal(await isManaged('plain', 'managed'), true, 'a plain pod');
    f.equal(await isManaged('plain', 'mounted'), false, 'a container that mounts the file');
    f.equal(await isManaged('hosted', 'mounted'), false, 'a container on the network of the host that mounts it');
  },
});

export const containers: Behaviours = {
  ...runtime,
  ...expansion,
  ...initContainers,
  ...security,
  ...area('[sig-node] ConfigMap', environment('configmaps')),
  ...area('[sig-node] Secrets', environment('secrets')),
  ...kubelet,
  ...etcHosts,
};
