import type { Detail, Span, Telling, Trace } from '../../sim/trace';

type Told = readonly [actor: string, verb: string, subject: string, detail?: Detail];

const windowsPath = (path: unknown): string =>
  String(path).replace('/var/lib/docker/overlay2/', 'C:\\ProgramData\\docker\\windowsfilter\\').replaceAll('/', '\\');

const paths = (value: unknown): unknown => (Array.isArray(value) ? value.map(windowsPath) : windowsPath(value));

/** What Windows has in the place of who acts on Linux (hcsshim); undefined where it has nobody. */
const places: Readonly<Record<string, (verb: string, subject: string, detail: Detail) => Told | undefined>> = {
  overlayfs: (_verb, subject, { lowerdir, upperdir }) => [
    'wcifs',
    'ActivateLayer',
    windowsPath(subject),
    { parents: paths(lowerdir), sandbox: paths(upperdir) },
  ],
  containerd: (verb, subject, { args, cwd, hostname }) =>
    verb === 'create'
      ? ['hcs', 'CreateComputeSystem', subject, { CommandLine: args, WorkingDirectory: cwd, HostName: hostname }]
      : undefined,
  'containerd-shim': (_verb, subject) => ['vmcompute', 'start', subject, { jobObject: `\\Container_${subject}` }],
  runc: (_verb, subject) => [
    'hcs',
    'CreateProcess',
    subject,
    { silo: `\\Silos\\${subject}`, joins: 'job object of the silo' },
  ],
  kernel: (_verb, subject, { pid, args }) => ['ntoskrnl', 'NtCreateUserProcess', windowsPath(subject), { pid, args }],
  libnetwork: (verb, subject, detail) => ['hns', verb, subject, detail],
  netfilter: () => undefined,
};

/** The trace of a Windows machine: what the shared code tells in Linux's words is told in those of Windows. */
export function windowsTrace(trace: Trace): Trace {
  const record = (actor: string, verb: string, subject: string, telling: Telling = {}): Span => {
    const detail = typeof telling === 'function' ? telling() : telling;
    const [who = '', host = ''] = actor.split('@');
    const place = places[who];
    if (place === undefined) return trace.record(actor, verb, subject, detail);
    const told = place(verb, subject, detail);
    if (told === undefined) return { id: trace.current, parent: trace.current, at: trace.now(), actor, verb, subject };
    return trace.record(`${told[0]}@${host}`, told[1], told[2], told[3]);
  };
  return new Proxy(trace, {
    get(target, key) {
      if (key === 'record') return record;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}
