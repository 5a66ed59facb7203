import { expect, test } from 'vitest';
import { makeBench } from '../testing';

const id = 'ab'.repeat(32);
const name = `docker-${id}.scope`;

test('a scope is what lives in its control group: shown, listed, drawn and stopped', async () => {
  const { bash, host } = makeBench();
  host.fs.mkdirAll('/sys/fs/cgroup');
  host.fs.mount({ type: 'cgroup2', source: 'cgroup2', target: '/sys/fs/cgroup' });
  const { out } =
    await bash(`cd /sys/fs/cgroup; mkdir -p system.slice/${name}; echo 64M >system.slice/${name}/memory.max
sleep 1000 & echo $! >system.slice/${name}/cgroup.procs
systemctl is-active ${name}; systemctl list-units --no-legend '${name}'
systemctl show -p Description,DropInPaths,ControlGroup,MemoryMax ${name}
systemctl status ${name} | tail -2 | sed 's/[0-9]* sleep/N sleep/'
systemd-cgls /system.slice | sed 's/[0-9]* sleep/N sleep/'
systemctl stop ${name}; systemctl is-active ${name}`);
  expect(out.replaceAll(id, 'ID')).toBe(`active
  docker-ID.scope loaded active running libcontainer container ID
Description=libcontainer container ID
DropInPaths=/run/systemd/transient/docker-ID.scope.d/50-DeviceAllow.conf /run/systemd/transient/docker-ID.scope.d/50-DevicePolicy.conf /run/systemd/transient/docker-ID.scope.d/50-MemoryMax.conf
ControlGroup=/system.slice/docker-ID.scope
MemoryMax=67108864
     CGroup: /system.slice/docker-ID.scope
             └─N sleep 1000
Control group /system.slice:
└─docker-ID.scope …
  └─N sleep 1000
inactive
`);
});
