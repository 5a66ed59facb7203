import { expect, test } from 'vitest';
import { checkContainerValue, parseDuration, parseGpus, parseUlimit } from './container-values';
import { parseMount } from './mount-option';
import { parseSize } from './sizes';

test('values of flags are refused as pflag and docker/cli word it', () => {
  const check = (type: string, name: string, value: string) => checkContainerValue(type, name, value);
  expect(check('bytes', 'memory', '64m')).toBeUndefined();
  expect(check('bytes', 'memory', '64x')).toBe("invalid suffix: 'x'");
  expect(check('bytes', 'memory', 'x')).toBe("invalid size: 'x'");
  expect(check('decimal', 'cpus', 'abc')).toBe('failed to parse abc as a rational number');
  expect(check('decimal', 'cpus', '1/2')).toBeUndefined();
  expect(check('duration', 'health-interval', '5')).toBe('time: missing unit in duration "5"');
  expect(check('duration', 'health-interval', '5x')).toBe('time: unknown unit "x" in duration "5x"');
  expect(check('list', 'add-host', 'db')).toBe('bad format for add-host: "db"');
  expect(check('list', 'add-host', 'db=x')).toBe('invalid IP address in add-host: "x"');
  expect(check('list', 'dns', '300.1.1.1')).toBe('IP address is not correctly formatted: 300.1.1.1');
  expect(check('list', 'attach', 'out')).toBe('valid streams are STDIN, STDOUT and STDERR');
  expect(check('list', 'env', '=x')).toBe('invalid environment variable: =x');
  expect(check('map', 'sysctl', 'kernel.foo=1')).toBe("sysctl 'kernel.foo=1' is not allowed");
  expect(check('list', 'label', 'a b=1')).toBe("label 'a b' contains whitespaces");
  expect(parseUlimit('nofile=300:200')).toBe('ulimit soft limit must be less than or equal to hard limit: 300 > 200');
  expect(parseUlimit('nofile=1024')).toEqual({ Name: 'nofile', Soft: 1024, Hard: 1024 });
  expect(parseDuration('1m30s')).toBe(90e9);
  expect(parseSize('1.5g')).toEqual({ ok: true, value: 1.5 * 2 ** 30 });
  expect(parseGpus('"device=0,1"')).toMatchObject({ Count: 0, DeviceIDs: ['0', '1'], Capabilities: [['gpu']] });
});

test('--mount', () => {
  const mount = (text: string) => {
    const parsed = parseMount(text, (path) => `/home/${path}`);
    return parsed.ok ? parsed.value : parsed.error;
  };
  expect(mount('type=bind,src=./x,dst=/d,readonly,bind-propagation=rslave')).toEqual({
    Type: 'bind',
    Source: '/home/./x',
    Target: '/d',
    ReadOnly: true,
    BindOptions: { Propagation: 'rslave' },
  });
  expect(mount('type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770')).toEqual({
    Type: 'tmpfs',
    Target: '/t',
    TmpfsOptions: { SizeBytes: 2 ** 20, Mode: 0o1770 },
  });
  expect(mount('type=volume,src=v,dst=/d,volume-opt=type=nfs,"volume-opt=o=addr=1.1.1.1,rw"')).toMatchObject({
    VolumeOptions: { DriverConfig: { Options: { type: 'nfs', o: 'addr=1.1.1.1,rw' } } },
  });
  expect(mount('type=volume,src=x')).toBe('target is required');
  expect(mount('dst=/d,x')).toBe("invalid field 'x' must be a key=value pair");
  expect(mount('type=bind,src=/x,dst=/d,volume-nocopy')).toBe("cannot mix 'volume-*' options with mount type 'bind'");
  expect(mount('dst=/d,ro=maybe')).toBe('invalid value for ro: maybe');
});
