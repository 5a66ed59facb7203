import { pinNamespace, pinnedNamespace, pinnedNamespaces, unpinNamespace } from '../../../linux/net/netns';
import { done, usage, type Context, type Outcome } from './ip';

/** ip-netns(8). */
export async function netns(args: readonly string[], context: Context): Promise<Outcome> {
  const { process } = context;
  const [verb = 'list', ...rest] = args;
  switch (verb) {
    case 'list':
    case 'ls':
    case 'show':
      return {
        stdout: pinnedNamespaces(process.host)
          .map(([name]) => `${name}\n`)
          .join(''),
      };
    case 'add':
      return add(rest[0], context);
    case 'delete':
    case 'del':
      return remove(rest[0], context);
    case 'exec':
      return exec(rest, context);
    case 'identify': {
      const pid = Number(rest[0] ?? process.pid);
      const net = process.host.processes(process).find((each) => each.pid === pid)?.namespaces.net;
      const name = pinnedNamespaces(process.host).find(([, pinned]) => pinned === net)?.[0];
      return { stdout: `${name ?? ''}\n` };
    }
    case 'pids': {
      const net = pinnedNamespace(process.host, rest[0] ?? '');
      const inside = process.host.processes(process).filter(({ namespaces }) => namespaces.net === net);
      return { stdout: inside.map(({ pid }) => `${pid}\n`).join('') };
    }
    default:
      return usage(`Command "${verb}" is unknown, try "ip netns help".`);
  }
}

function add(name: string | undefined, { process }: Context): Outcome {
  if (name === undefined) return usage('No netns name specified');
  if (!process.capable('SYS_ADMIN')) {
    return { stderr: 'mkdir /var/run/netns failed: Permission denied\n', code: 1 };
  }
  // unshare(CLONE_NEWNET), then a bind mount of /proc/self/ns/net.
  const made = process.spawn({ file: async () => 0, argv: ['ip'], namespaces: { net: 'new' } });
  if (!made.ok)
    return { stderr: `Failed to create a new network namespace "${name}": ${made.error.message}\n`, code: 1 };
  const pinned = pinNamespace(process, name, made.value.process.net);
  if (pinned.ok) return done;
  return { stderr: `Cannot create namespace file "/var/run/netns/${name}": ${pinned.error.message}\n`, code: 1 };
}

function remove(name: string | undefined, { process }: Context): Outcome {
  if (name === undefined) return usage('No netns name specified');
  const unpinned = unpinNamespace(process, name);
  if (!unpinned.ok) {
    return { stderr: `Cannot remove namespace file "/var/run/netns/${name}": ${unpinned.error.message}\n`, code: 1 };
  }
  const net = unpinned.value;
  if (!process.host.processes(process).some(({ namespaces }) => namespaces.net === net)) net.destroy();
  return done;
}

async function exec(args: readonly string[], { process }: Context): Promise<Outcome> {
  const [name, command, ...rest] = args;
  if (name === undefined) return usage('No netns name specified');
  if (command === undefined) return usage('No command specified');
  const net = pinnedNamespace(process.host, name);
  if (!net) return { stderr: `Cannot open network namespace "${name}": No such file or directory\n`, code: 255 };
  process.setns({ net });
  const path = process.which(command);
  const failed = path === undefined ? undefined : await process.exec(path, [command, ...rest]);
  const reason = failed && !failed.ok ? failed.error.message : 'No such file or directory';
  return { stderr: `exec of "${command}" failed: ${reason}\n`, code: 255 };
}
