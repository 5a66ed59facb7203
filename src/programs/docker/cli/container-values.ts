import { parseMount } from './mount-option';
import { parseSize } from './sizes';

/** What a value of a flag of `run` or `create` has wrong with it, said while flags are parsed (docker/cli opts/*.go). */
export function checkContainerValue(type: string, name: string, value: string): string | undefined {
  const byName = Object.hasOwn(named, name) ? named[name] : undefined;
  const check = byName ?? (Object.hasOwn(typed, type) ? typed[type] : undefined);
  return check?.(value);
}

type Check = (value: string) => string | undefined;

const quoted = (value: string): string => JSON.stringify(value);

const throttle =
  (unit: boolean): Check =>
  (value) => {
    const [path = '', rate, more] = value.split(':');
    if (rate === undefined || more !== undefined) return `bad format: ${value}`;
    if (!path.startsWith('/dev/')) return `bad format for device path: ${value}`;
    const wrong = unit ? parseSize(rate).ok === false : !/^\d+$/.test(rate);
    if (!wrong) return undefined;
    return unit
      ? `invalid rate for device: ${value}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb`
      : `invalid rate for device: ${value}. The correct format is <device-path>:<number>. Number must be a positive integer`;
  };

const weight: Check = (value) => {
  const [path = '', number, more] = value.split(':');
  if (number === undefined || more !== undefined) return `bad format: ${value}`;
  if (!path.startsWith('/dev/')) return `bad format for device path: ${value}`;
  const given = /^\d+$/.test(number) ? Number(number) : -1;
  return given === 0 || (given >= 10 && given <= 1000) ? undefined : `invalid weight for device: ${value}`;
};

const isAddress = (value: string): boolean =>
  /^\d+(\.\d+){3}$/.test(value)
    ? value.split('.').every((part) => Number(part) < 256)
    : /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(value) && value.length > 1;

const sysctls = new Set(
  'msgmax msgmnb msgmni sem shmall shmmax shmmni shm_rmid_forced'.split(' ').map((name) => `kernel.${name}`),
);

const named: Readonly<Record<string, Check>> = {
  attach: (value) =>
    ['stdin', 'stdout', 'stderr'].includes(value.toLowerCase())
      ? undefined
      : 'valid streams are STDIN, STDOUT and STDERR',
  'blkio-weight-device': weight,
  'device-read-bps': throttle(true),
  'device-write-bps': throttle(true),
  'device-read-iops': throttle(false),
  'device-write-iops': throttle(false),
  'device-cgroup-rule': (value) =>
    /^[acb] (\d+|\*):(\d+|\*) [rwm]{1,3}$/.test(value) ? undefined : `invalid device cgroup format '${value}'`,
  env: (value) => (value.split('=')[0] === '' ? `invalid environment variable: ${value}` : undefined),
  label: (value) => {
    const key = (value.split('=')[0] ?? '').replace(/^[ \t]+/, '');
    if (key === '') return `invalid label '${value}': empty name`;
    return /[ \t]/.test(key) ? `label '${key}' contains whitespaces` : undefined;
  },
  link: (value) => {
    if (value === '') return 'empty string specified for links';
    return value.split(':').length > 2 ? `bad format for links: ${value}` : undefined;
  },
  dns: (value) => (isAddress(value.trim()) ? undefined : `IP address is not correctly formatted: ${value}`),
  'dns-search': (value) =>
    value.trim() === '.' || (/[a-zA-Z]/.test(value) && /^[\w-]+(\.[\w-]+)*\.?$/.test(value.trim()))
      ? undefined
      : `${value} is not a valid domain`,
  'link-local-ip': (value) => (isAddress(value.trim()) ? undefined : `IP address is not correctly formatted: ${value}`),
  'add-host': (value) => {
    const parted = /^([^:=]+)[:=](.+)$/.exec(value);
    if (parted === null) return `bad format for add-host: ${quoted(value)}`;
    const address = (parted[2] ?? '').replace(/^\[(.*)\]$/, '$1');
    return address === 'host-gateway' || isAddress(address)
      ? undefined
      : `invalid IP address in add-host: ${quoted(address)}`;
  },
  sysctl: (value) => {
    const [key = '', given] = value.split('=');
    const known = sysctls.has(key) || key.startsWith('net.') || key.startsWith('fs.mqueue.');
    return given !== undefined && key !== '' && known ? undefined : `sysctl '${value}' is not allowed`;
  },
};

const typed: Readonly<Record<string, Check>> = {
  bytes: (value) => {
    if (value === '-1') return undefined;
    const size = parseSize(value);
    return size.ok ? undefined : size.error;
  },
  decimal: (value) => {
    if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^[+-]?\d+\/\d*[1-9]\d*$/i.test(value))
      return `failed to parse ${value} as a rational number`;
    return /\.\d{10,}$/.test(value.replace(/0+$/, '')) ? 'value is too precise' : undefined;
  },
  duration: (value) => (parseDuration(value) === undefined ? durationError(value) : undefined),
  uint16: (value) => {
    if (!/^\d+$/.test(value)) return `strconv.ParseUint: parsing ${quoted(value)}: invalid syntax`;
    return Number(value) > 65_535 ? `strconv.ParseUint: parsing ${quoted(value)}: value out of range` : undefined;
  },
  ulimit: (value) => {
    const parsed = parseUlimit(value);
    return typeof parsed === 'string' ? parsed : undefined;
  },
  mount: (value) => {
    const parsed = parseMount(value, (path) => path);
    return parsed.ok ? undefined : parsed.error;
  },
  'gpu-request': (value) => {
    const parsed = parseGpus(value);
    return typeof parsed === 'string' ? parsed : undefined;
  },
};

const nanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** Go's time.ParseDuration, in nanoseconds. */
export function parseDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0;
  for (const [, number = '0', unit = ''] of rest.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(number) * (nanoseconds[unit] ?? 0);
  return sign * Math.round(total);
}

function durationError(text: string): string {
  const rest = text.replace(/^[+-]/, '');
  const digits = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)(.*)$/.exec(rest);
  if (digits === null) return `time: invalid duration ${quoted(text)}`;
  const [unit = ''] = /^[^\d.]*/.exec(digits[1] ?? '') ?? [];
  return unit === ''
    ? `time: missing unit in duration ${quoted(text)}`
    : `time: unknown unit ${quoted(unit)} in duration ${quoted(text)}`;
}

const ulimitNames = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(' '),
);

export interface Ulimit {
  readonly Name: string;
  readonly Hard: number;
  readonly Soft: number;
}

/** go-units' ParseUlimit: `name=soft[:hard]`. */
export function parseUlimit(text: string): Ulimit | string {
  const equals = text.indexOf('=');
  if (equals < 0) return `invalid ulimit argument: ${text}`;
  const [name, values] = [text.slice(0, equals), text.slice(equals + 1)];
  if (!ulimitNames.has(name)) return `invalid ulimit type: ${name}`;
  const parts = values.split(':');
  if (parts.length > 2) return `too many limit values - ${values}, can only have up to two, \`soft[:hard]\``;
  const wrong = parts.find((part) => !/^[+-]?\d+$/.test(part));
  if (wrong !== undefined) return `strconv.ParseInt: parsing ${quoted(wrong)}: invalid syntax`;
  const [soft = 0, hard = soft] = parts.map(Number);
  if (hard !== -1) {
    if (soft === -1)
      return `ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: ${hard}`;
    if (soft > hard) return `ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`;
  }
  return { Name: name, Hard: hard, Soft: soft };
}

/** `--gpus all`, `--gpus 'device=0,1'`. */
export function parseGpus(text: string): object | string {
  const seen = new Set<string>();
  let count = 0;
  let driver = '';
  let devices: readonly string[] | null = null;
  let capabilities: readonly (readonly string[])[] = [['gpu']];
  for (const [, raw = '', bare = raw] of text.matchAll(/(?:^|,)("([^"]*)"|[^,]*)/g)) {
    const [key = '', ...rest] = bare.split('=');
    if (seen.has(key)) return `gpu request key '${key}' can be specified only once`;
    seen.add(key);
    const value = rest.join('=');
    const counted = rest.length === 0 ? key : key === 'count' ? value : undefined;
    if (counted !== undefined) {
      seen.add('count');
      if (counted !== 'all' && !/^[+-]?\d+$/.test(counted))
        return `invalid count (${counted}): value must be either "all" or an integer: invalid syntax`;
      count = counted === 'all' ? -1 : Number(counted);
    } else if (key === 'driver') driver = value;
    else if (key === 'device') devices = value.split(',');
    else if (key === 'capabilities') capabilities = [[...value.split(','), 'gpu']];
    else if (key !== 'options') return `unexpected key '${key}' in '${bare}'`;
  }
  if (!seen.has('count') && devices === null) count = 1;
  return { Driver: driver, Count: count, DeviceIDs: devices, Capabilities: capabilities, Options: {} };
}
