/** In the kernel's numbering (include/uapi/linux/capability.h). */
export const capabilityNames = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'IPC_OWNER',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_CHROOT',
  'SYS_PTRACE',
  'SYS_PACCT',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'MKNOD',
  'LEASE',
  'AUDIT_WRITE',
  'AUDIT_CONTROL',
  'SETFCAP',
  'MAC_OVERRIDE',
  'MAC_ADMIN',
  'SYSLOG',
  'WAKE_ALARM',
  'BLOCK_SUSPEND',
  'AUDIT_READ',
  'PERFMON',
  'BPF',
  'CHECKPOINT_RESTORE',
] as const;

export type Capability = (typeof capabilityNames)[number];

/** Sets as numbers with a bit each: 41 of them are more than a 32-bit integer holds, so no bitwise operators. */
export type CapabilitySet = number;

const values = Object.fromEntries(capabilityNames.map((name, bit) => [name, 2 ** bit])) as Readonly<
  Record<Capability, number>
>;

export const allCapabilities: CapabilitySet = 2 ** capabilityNames.length - 1;

export const hasCapability = (set: CapabilitySet, name: Capability): boolean =>
  Math.floor(set / values[name]) % 2 === 1;

export const capabilitySet = (names: Iterable<Capability>): CapabilitySet =>
  [...new Set(names)].reduce((set, name) => set + values[name], 0);

export const isCapabilityName = (name: string): name is Capability => name in values;

/** As /proc/<pid>/status shows it. */
export const capabilityText = (set: CapabilitySet): string => set.toString(16).padStart(16, '0');

/** capabilities(7): the sets of a process. */
export interface CapabilitySets {
  readonly inheritable: CapabilitySet;
  readonly permitted: CapabilitySet;
  readonly effective: CapabilitySet;
  readonly bounding: CapabilitySet;
  readonly ambient: CapabilitySet;
}

/** What was taken from a process beside its ids. */
export interface Restrictions {
  readonly capabilities: CapabilitySets;
  /** prctl(PR_SET_NO_NEW_PRIVS): set-user-ID bits mean nothing to it. */
  readonly noNewPrivileges: boolean;
  /** A container runtime's filter of system calls is loaded (SECCOMP_MODE_FILTER). */
  readonly seccomp: boolean;
  /** AppArmor's profile that confines it. */
  readonly apparmor?: string;
}

interface Bearer {
  readonly uid: number;
  readonly restrictions?: Restrictions | undefined;
}

/** The sets of who nobody took anything from: root has all, others none. */
export function capabilitiesOf({ uid, restrictions }: Bearer): CapabilitySets {
  return restrictions?.capabilities ?? (uid === 0 ? rootSets : plainSets);
}

const rootSets: CapabilitySets = {
  inheritable: 0,
  permitted: allCapabilities,
  effective: allCapabilities,
  bounding: allCapabilities,
  ambient: 0,
};
const plainSets: CapabilitySets = { ...rootSets, permitted: 0, effective: 0 };

export function isPrivileged({ uid, restrictions }: Bearer, name: Capability): boolean {
  return restrictions === undefined ? uid === 0 : hasCapability(restrictions.capabilities.effective, name);
}

/** The sets after a change of the user (capabilities(7), "Effect of user ID changes on capabilities"). */
export function afterUserChange(before: Bearer, uid: number): Restrictions | undefined {
  const { restrictions } = before;
  if (restrictions === undefined || (before.uid === 0) === (uid === 0)) return restrictions;
  const { capabilities } = restrictions;
  const cleared = { ...capabilities, permitted: 0, effective: 0, ambient: 0 };
  return {
    ...restrictions,
    capabilities: uid === 0 ? { ...capabilities, effective: capabilities.permitted } : cleared,
  };
}

/** The sets after execve(2) of a file without capabilities of its own: root gets what the bounding set allows. */
export function afterExec({ uid, restrictions }: Bearer): Restrictions | undefined {
  if (restrictions === undefined) return undefined;
  const { capabilities } = restrictions;
  const { bounding, ambient } = capabilities;
  const permitted = uid === 0 ? bounding : ambient;
  if (capabilities.permitted === permitted && capabilities.effective === permitted) return restrictions;
  return { ...restrictions, capabilities: { ...capabilities, permitted, effective: permitted } };
}
