import { expect, test } from 'vitest';
import { parseBind, parseVolumesFrom, tmpfsOptions, wrongMount } from './mount-parser';
import { capabilitiesFor, parseSecurityOptions } from './security';
import { completeHostConfig } from './host-config';
import { completeLogConfig } from './log-options';
import { logOptionsOf } from './json-log';
import { verifyContainerSettings } from './verify';

const machine = { cpus: 2, exists: (path: string) => path === '/here' };

test('settings that contradict each other or are wrong are refused in the words of moby', () => {
  const verify = (host: object, request: object = {}) => {
    const verified = verifyContainerSettings({ ...request, HostConfig: host }, machine);
    return verified.ok ? verified.value : verified.error;
  };
  expect(verify({})).toEqual([]);
  expect(verify({ NetworkMode: 'container:x' }, { Hostname: 'h' })).toBe(
    'conflicting options: hostname and the network mode',
  );
  expect(verify({ UTSMode: 'host' }, { Hostname: 'h' })).toBe('conflicting options: hostname and the UTS mode');
  expect(verify({}, { WorkingDir: 'rel' })).toBe(
    "the working directory 'rel' is invalid, it needs to be an absolute path",
  );
  expect(verify({}, { Healthcheck: { Interval: 1 } })).toBe('Interval in Healthcheck cannot be less than 1ms');
  expect(verify({ RestartPolicy: { Name: 'always', MaximumRetryCount: 3 } })).toBe(
    "invalid restart policy: maximum retry count can only be used with 'on-failure'",
  );
  expect(verify({ CapAdd: ['nope'] })).toBe('invalid CapAdd: unknown capability: "CAP_NOPE"');
  expect(verify({ Memory: 2 ** 20 })).toBe('Minimum memory limit allowed is 6MB');
  expect(verify({ NanoCpus: -1e9 })).toBe('range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available');
  expect(verify({ NanoCpus: 1e9, CpuQuota: 1000 })).toBe(
    'Conflicting options: Nano CPUs and CPU Quota cannot both be set',
  );
  expect(verify({ CpusetCpus: '0-99' })).toBe('Requested CPUs are not available - requested 0-99, available: 0-1');
  expect(verify({ Runtime: 'kata' })).toBe('unknown or invalid runtime name: kata');
  expect(verify({ Mounts: [{ Type: 'bind', Source: '/gone', Target: '/d' }] })).toBe(
    'invalid mount config for type "bind": bind source path does not exist: /gone',
  );
  expect(verify({ OomKillDisable: true, NetworkMode: 'host', PortBindings: { '80/tcp': [] } })).toEqual([
    'Your kernel does not support OomKillDisable. OomKillDisable discarded.',
    'Published ports are discarded when using host network mode',
  ]);
});

test('mounts: -v, --mount and --volumes-from in all their forms', () => {
  const bind = (text: string) => {
    const parsed = parseBind(text, '');
    return parsed.ok ? { ...parsed.value.mount, mode: parsed.value.mode } : parsed.error;
  };
  expect(bind('/a:/b:ro,z')).toEqual({ Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true, mode: 'ro,z' });
  expect(bind('v:/b:nocopy')).toEqual({
    Type: 'volume',
    Source: 'v',
    Target: '/b',
    ReadOnly: false,
    VolumeOptions: { NoCopy: true },
    mode: 'nocopy',
  });
  expect(bind('/a:/b:ro,rw')).toBe('invalid mode: ro,rw');
  expect(bind('/a:rw')).toBe("invalid volume specification: '/a:rw'");
  expect(bind('v:/')).toBe(
    "invalid volume specification: 'v:/': invalid mount config for type \"volume\": invalid specification: destination can't be '/'",
  );
  expect(wrongMount({ Type: 'tmpfs', Source: 'x', Target: '/t' })).toBe(
    'invalid mount config for type "tmpfs": field Source must not be specified',
  );
  expect(wrongMount({ Type: 'npipe', Target: '/t' })).toBe('invalid mount config for type "npipe": mount type unknown');
  expect(parseVolumesFrom('web:ro')).toEqual({ ok: true, value: { container: 'web', readOnly: true } });
  expect(parseVolumesFrom('web:nocopy')).toEqual({ ok: false, error: 'invalid mode: nocopy' });
  expect(tmpfsOptions({ Type: 'tmpfs', TmpfsOptions: { SizeBytes: 3 * 2 ** 20, Mode: 0o1770 } })).toBe(
    'mode=1770,size=3m',
  );
});

test('capabilities, security options and log drivers', () => {
  const of = (host: object) => capabilitiesFor(completeHostConfig(host)).join(' ');
  expect(of({})).toBe(
    'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE',
  );
  expect(of({ CapDrop: ['all'], CapAdd: ['CAP_NET_ADMIN', 'chown'] })).toBe('NET_ADMIN CHOWN');
  expect(of({ CapAdd: ['ALL'], CapDrop: ['MKNOD'] })).not.toContain('MKNOD');
  expect(parseSecurityOptions(['no-new-privileges:true', 'seccomp=unconfined', 'label=disable'])).toEqual({
    ok: true,
    value: { noNewPrivileges: true, seccomp: 'unconfined', apparmor: '', writableCgroups: undefined },
  });
  expect(parseSecurityOptions(['foo=bar'])).toEqual({ ok: false, error: 'invalid --security-opt 2: "foo=bar"' });
  const refused = completeLogConfig({ Type: 'bogus', Config: {} });
  expect(refused).toEqual({
    ok: false,
    error: { status: 400, message: 'error looking up logging plugin bogus: plugin "bogus" not found' },
  });
  expect(logOptionsOf({ Type: 'json-file', Config: { 'max-size': '10k', 'max-file': '2' } })).toEqual({
    driver: 'json-file',
    maxSize: 10_000,
    maxFile: 2,
  });
  expect(logOptionsOf({ Type: 'json-file', Config: { 'max-size': '1x' } })).toBe("invalid suffix: 'x'");
});
