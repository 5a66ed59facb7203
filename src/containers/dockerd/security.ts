import type { FileSystem } from '../../linux/fs/types';
import { capabilityNames, isCapabilityName, type Capability } from '../../linux/capabilities';
import { err, ok, type Result } from '../../sim/result';
import type { HostConfig } from './api-types';

/** What every container is left with (moby oci/caps/defaults.go). */
const defaultCapabilities: readonly Capability[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FSETID',
  'FOWNER',
  'MKNOD',
  'NET_RAW',
  'SETGID',
  'SETUID',
  'SETFCAP',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'SYS_CHROOT',
  'KILL',
  'AUDIT_WRITE',
];

/** Names of `--cap-add` and `--cap-drop`: in any case, with `CAP_` or without (NormalizeLegacyCapabilities). */
export function normaliseCapabilities(
  names: readonly string[] | null,
): Result<readonly (Capability | 'ALL')[], string> {
  const normal: (Capability | 'ALL')[] = [];
  for (const name of names ?? []) {
    const upper = name.toUpperCase();
    const plain = upper.replace(/^CAP_/, '');
    if (upper === 'ALL') normal.push('ALL');
    else if (isCapabilityName(plain)) normal.push(plain);
    else return err(`unknown capability: ${JSON.stringify(`CAP_${plain}`)}`);
  }
  return ok(normal);
}

/** TweakCapabilities: the names that the container's processes have. */
export function capabilitiesFor({ CapAdd, CapDrop, Privileged }: HostConfig): readonly Capability[] {
  if (Privileged) return capabilityNames;
  const added = normaliseCapabilities(CapAdd);
  const dropped = normaliseCapabilities(CapDrop);
  const adds = added.ok ? added.value : [];
  const drops = dropped.ok ? dropped.value : [];
  const named = adds.filter((name) => name !== 'ALL');
  if (adds.includes('ALL')) return capabilityNames.filter((name) => !drops.includes(name));
  if (drops.includes('ALL')) return named;
  return [...new Set([...defaultCapabilities.filter((name) => !drops.includes(name)), ...named])];
}

export interface SecurityOptions {
  readonly noNewPrivileges: boolean;
  /** `unconfined`, `builtin`, or the profile itself. */
  readonly seccomp: string;
  readonly apparmor: string;
  readonly writableCgroups: boolean | undefined;
}

/** The profile of a container that starts; empty where the host has no AppArmor (daemon/container.go, saveAppArmorConfig). */
export function apparmorProfile(fs: FileSystem, privileged: boolean, given: string): string {
  if (!fs.stat('/sys/module/apparmor/parameters/enabled').ok) return '';
  return given !== '' ? given : privileged ? 'unconfined' : 'docker-default';
}

const truth = (text: string): boolean | undefined =>
  /^(1|t|T|TRUE|true|True)$/.test(text) ? true : /^(0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;

/** `--security-opt` (daemon/daemon_unix.go, parseSecurityOpt). */
export function parseSecurityOptions(given: readonly string[] | null): Result<SecurityOptions, string> {
  let options: SecurityOptions = { noNewPrivileges: false, seccomp: '', apparmor: '', writableCgroups: undefined };
  for (const option of given ?? []) {
    if (option === 'no-new-privileges') options = { ...options, noNewPrivileges: true };
    else if (option === 'writable-cgroups') options = { ...options, writableCgroups: true };
    else if (option !== 'disable') {
      const [, key, value = ''] = /^([^=]*)=(.*)$/s.exec(option) ?? /^([^:]*):(.*)$/s.exec(option) ?? [];
      if (key === undefined) return err(`invalid --security-opt 1: ${JSON.stringify(option)}`);
      const on = truth(value);
      if (key === 'apparmor') options = { ...options, apparmor: value };
      else if (key === 'seccomp') options = { ...options, seccomp: value };
      else if (key === 'no-new-privileges' && on !== undefined) options = { ...options, noNewPrivileges: on };
      else if (key === 'writable-cgroups' && on !== undefined) options = { ...options, writableCgroups: on };
      else if (key !== 'label') return err(`invalid --security-opt 2: ${JSON.stringify(option)}`);
    }
  }
  return ok(options);
}
