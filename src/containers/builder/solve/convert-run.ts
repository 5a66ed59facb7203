import { chomped, parseHeredoc } from '../dockerfile/heredoc';
import { parseMount, type Mount } from '../dockerfile/instructions/mount';
import type { Run } from '../dockerfile/instructions/types';
import { BuildFailure } from '../dockerfile/source';
import { cleaned, expander, stepName, withShell, type ConvertContext } from './convert';
import type { Command, StageState } from './stage';
import type { ExecMount } from './types';
import { vertexOf } from './vertex';

/** RUN: the process, its mounts, and what the history says of it (dispatchRun). */
export function convertRun(state: StageState, run: Run, command: Command, context: ConvertContext): void {
  const { words, mounts: documents, summary } = commandOf(run);
  const args = run.command.shell ? withShell(state, words) : words;
  const mounts = [
    ...documents,
    ...run.mounts.map((text, index) =>
      execMount(state, parseMount(text, expander(state, run, context)), command.sources[index], context),
    ),
  ];
  const proxy = [...context.request.buildArgs].filter(([name]) => /^(https?|ftp|no|all)_proxy$/i.test(name));
  const said = { ...run, code: run.code + summary };
  const name = state.prefixed(stepName(state, said, context, { rawQuotes: true, keepUnset: true }), command.onBuild);
  state.vertex = vertexOf(
    {
      kind: 'exec',
      base: state.vertex,
      args,
      env: [...state.env],
      cwd: state.dir,
      user: state.image.config.User ?? '',
      network: run.network === '' || run.network === 'default' ? context.request.network : run.network,
      insecure: run.security === 'insecure',
      extraHosts: context.request.extraHosts,
      mounts,
      proxy: proxy.flatMap(([key, value]) => [
        [key.toUpperCase(), value] as const,
        [key.toLowerCase(), value] as const,
      ]),
    },
    { name, ranges: run.ranges, ignoreCache: state.ignoreCache },
  );
  state.image.commit(`RUN ${[...argumentsSaid(state), ...args].join(' ')} # buildkit`, true);
}

/** `|2 A=1 B=2` in the history: build arguments that were declared so far. */
function argumentsSaid(state: StageState): readonly string[] {
  const said = new Map<string, string>();
  for (const { key, value } of state.buildArgs) said.set(key, state.env.get(key) ?? value ?? '');
  return said.size === 0 ? [] : [`|${said.size}`, ...[...said].map(([key, value]) => `${key}=${value}`)];
}

function commandOf({ command: { words, shell, files } }: Run): {
  readonly words: readonly string[];
  readonly mounts: readonly ExecMount[];
  readonly summary: string;
} {
  const [file] = files;
  if (file === undefined) return { words, mounts: [], summary: '' };
  const [line = '', another] = words;
  if (another !== undefined || !shell)
    throw new BuildFailure(`parsing produced an invalid run command: [${words.join(' ')}]`);
  if (parseHeredoc(line) === undefined) {
    // More than a here-document: the shell gets all of it.
    const whole = files.map(({ data, name }) => `\n${data}${name}`).join('');
    return { words: [line + whole], mounts: [], summary: '' };
  }
  const data = file.chomp ? chomped(file.data) : file.data;
  const summary = ` (${summarized(file.data)})`;
  if (!data.startsWith('#!')) return { words: [data], mounts: [], summary };
  const script = vertexOf(
    { kind: 'inline', name: `/${file.name}`, data, mode: 0o755 },
    { name: '[internal] preparing inline document' },
  );
  const mount = { ...plainMount, type: 'bind' as const, target: '/dev/pipes/', from: script, source: '/' };
  return { words: [`/dev/pipes/${file.name}`], mounts: [mount], summary };
}

function summarized(document: string): string {
  const [first = '', another] = document.trim().replaceAll('\r\n', '\n').split('\n');
  return another === undefined ? first : `${first}...`;
}

const plainMount: Omit<ExecMount, 'type' | 'target' | 'from' | 'source'> = {
  readOnly: true,
  id: '',
  sharing: '',
  size: 0,
  required: false,
  env: undefined,
  mode: undefined,
  uid: undefined,
  gid: undefined,
};

function execMount(
  state: StageState,
  mount: Mount,
  source: StageState | undefined,
  { context }: ConvertContext,
): ExecMount {
  const { type, from } = mount;
  if (from !== '' && source !== undefined && !source.dispatched)
    throw new BuildFailure(
      `cannot mount from stage ${JSON.stringify(from)} to ${JSON.stringify(mount.target)}, stage needs to be defined before current command`,
    );
  if (type === 'secret') return secretMount(mount);
  if (type === 'ssh') return { ...mount, from: undefined, source: '', target: mount.target };
  const target = cleaned(mount.target.startsWith('/') ? mount.target : `${state.dir}/${mount.target}`);
  if (target === '/') throw new BuildFailure('invalid mount target "/"');
  const base = from === '' ? (type === 'bind' ? context : undefined) : source?.vertex;
  return {
    ...mount,
    target,
    from: type === 'tmpfs' ? undefined : base,
    source: cleaned(mount.source),
    id: type === 'cache' && mount.id === '' ? cleaned(mount.target) : mount.id,
  };
}

function secretMount(mount: Mount): ExecMount {
  const { source, target, env } = mount;
  const id = source !== '' ? source : mount.id !== '' ? mount.id : (target.split('/').pop() ?? '');
  const file = target === '' && env === undefined ? `/run/secrets/${id.split('/').pop() ?? id}` : target;
  return { ...mount, from: undefined, source: '', id, target: file };
}
