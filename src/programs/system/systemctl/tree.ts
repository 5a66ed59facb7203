import type { ProcessInfo } from '../../../linux/process/types';
import { paint } from '../systemd';
import type { Context } from './context';

interface Node {
  readonly name: string;
  readonly children: Map<string, Node>;
  readonly members: ProcessInfo[];
}

const node = (name: string): Node => ({ name, children: new Map(), members: [] });

/** A group and what lives in it and below, as `systemctl status` and systemd-cgls draw it. */
export function processTree(
  { process, look }: Pick<Context, 'process' | 'look'>,
  cgroup: string,
  indent: string,
  mark: (group: string) => string = () => '',
): readonly string[] {
  const root = node(cgroup);
  const prefix = cgroup === '/' ? '/' : `${cgroup}/`;
  for (const info of process.host.processes(process)) {
    if (info.state === 'Z') continue;
    if (info.cgroup !== cgroup && !info.cgroup.startsWith(prefix)) continue;
    let at = root;
    const below = info.cgroup === cgroup ? '' : info.cgroup.slice(prefix.length);
    for (const part of below.split('/')) {
      if (part === '') continue;
      let child = at.children.get(part);
      if (child === undefined) at.children.set(part, (child = node(part)));
      at = child;
    }
    at.members.push(info);
  }
  const [tee, corner, bar] = look.unicode ? ['├─', '└─', '│ '] : ['|-', '`-', '| '];
  const lines: string[] = [];
  const draw = ({ members, children }: Node, before: string): void => {
    const width = Math.max(0, ...members.map(({ pid }) => String(pid).length));
    const groups = [...children.values()];
    members.forEach((info, index) => {
      const last = index === members.length - 1 && groups.length === 0;
      const text = `${String(info.pid).padStart(width)} ${commandText(info)}`;
      lines.push(`${before}${last ? corner : tee}${paint(look, 'grey', text)}`);
    });
    groups.forEach((child, index) => {
      const last = index === groups.length - 1;
      lines.push(`${before}${last ? corner : tee}${child.name}${mark(child.name)}`);
      draw(child, `${before}${last ? '  ' : bar}`);
    });
  };
  draw(root, indent);
  return lines;
}

/** A command line with quotes where words need them (PROCESS_CMDLINE_QUOTE). */
function commandText({ argv, comm }: ProcessInfo): string {
  if (argv.length === 0) return `[${comm}]`;
  return argv
    .map((word) =>
      word !== '' && !/[\s"'`$\\;|&<>()*?[\]{}~#!]/.test(word)
        ? word
        : `"${word
            .replace(/["\\`$]/g, '\\$&')
            .replaceAll('\n', '\\n')
            .replaceAll('\t', '\\t')}"`,
    )
    .join(' ');
}
