import type { Program } from '../linux/process/types';

/** Applets that differ from the program of the same name: their names in the program table. */
const own: Readonly<Record<string, string>> = {
  sh: 'ash',
  ash: 'ash',
  vi: 'busybox-vi',
  wget: 'busybox-wget',
  nslookup: 'busybox-nslookup',
  ip: 'busybox-ip',
  ping: 'busybox-ping',
  httpd: 'busybox-httpd',
  ps: 'busybox-ps',
  ls: 'busybox-ls',
};

/** busybox: one binary that is many programs, by the name it was called by or its first argument. */
export function busybox(programs: ReadonlyMap<string, Program>): Program {
  const applet = (name: string): Program | undefined => programs.get(own[name] ?? name);
  return async (process) => {
    const called = process.argv[0]?.split('/').at(-1)?.replace(/^-/, '') ?? 'busybox';
    if (called !== 'busybox') {
      const found = applet(called);
      if (found !== undefined) return found(process);
      await process.stderr.write(`${called}: applet not found\n`);
      return 127;
    }
    const [name, ...rest] = process.args;
    if (name === undefined) {
      await process.stdout.write('BusyBox v1.37.0 () multi-call binary.\n\nUsage: busybox [function [arguments]...]\n');
      return 0;
    }
    const found = applet(name);
    if (found === undefined) {
      await process.stderr.write(`${name}: applet not found\n`);
      return 127;
    }
    return found(withArguments(process, [name, ...rest]));
  };
}

/** The same process, as the applet sees it. */
function withArguments<P extends Parameters<Program>[0]>(process: P, argv: readonly string[]): P {
  return new Proxy(process, {
    get(target, key) {
      if (key === 'argv') return argv;
      if (key === 'args') return argv.slice(1);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
