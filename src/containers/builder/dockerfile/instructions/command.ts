import { Flags } from '../flags';
import type { Node } from '../nodes';
import { BuildFailure } from '../source';
import type { Healthcheck } from '../../../images/image';
import { parseDuration } from '../duration';
import { atLeastOne, common } from './common';
import { checkMount } from './mount';
import type { Cmd, CommandLine, Health, Run, ShellWords } from './types';

const commandLine = ({ args, json, heredocs }: Node): CommandLine => ({
  words: json ? args : args.length === 0 ? [] : [args.join(' ')],
  shell: !json,
  files: heredocs.map(({ name, content, chomp }) => ({ name, data: content, chomp })),
});

/** RUN and its flags. */
export function parseRun(node: Node): Run {
  const flags = new Flags(node.flags, {
    mount: 'strings',
    network: 'string',
    security: 'string',
    device: 'strings',
  });
  const mounts = flags.texts('mount');
  for (const mount of mounts) checkMount(mount);
  const network = flags.text('network');
  if (flags.isUsed('network') && !['default', 'none', 'host'].includes(network))
    throw new BuildFailure(`invalid network mode: ${JSON.stringify(network)}`);
  const security = flags.text('security');
  if (flags.isUsed('security') && !['insecure', 'sandbox'].includes(security))
    throw new BuildFailure(`security "${security}" is not valid`);
  return {
    kind: 'run',
    ...common(node),
    command: commandLine(node),
    flags: node.flags,
    mounts,
    network,
    security,
  };
}

/** CMD and ENTRYPOINT. */
export function parseCmd(node: Node, kind: Cmd['kind']): Cmd {
  new Flags(node.flags, {});
  return { kind, ...common(node), command: commandLine(node) };
}

/** SHELL, only as JSON. */
export function parseShell(node: Node): ShellWords {
  new Flags(node.flags, {});
  if (node.args.length === 0) throw atLeastOne('SHELL');
  if (!node.json) throw new BuildFailure('SHELL requires the arguments to be in JSON form');
  return { kind: 'shell', ...common(node), words: node.args };
}

/** HEALTHCHECK. */
export function parseHealthcheck(node: Node): Health {
  const [type, ...args] = node.args;
  if (type === undefined) throw atLeastOne('HEALTHCHECK');
  return { kind: 'healthcheck', ...common(node), health: health(node, type.toUpperCase(), args) };
}

function health({ flags: given, json }: Node, type: string, args: readonly string[]): Healthcheck {
  if (type === 'NONE') {
    if (args.length > 0) throw new BuildFailure('HEALTHCHECK NONE takes no arguments');
    return { Test: ['NONE'] };
  }
  const flags = new Flags(given, {
    interval: 'string',
    timeout: 'string',
    'start-period': 'string',
    'start-interval': 'string',
    retries: 'string',
  });
  if (type !== 'CMD') throw new BuildFailure(`Unknown type ${JSON.stringify(type)} in HEALTHCHECK (try CMD)`);
  const test = json ? args : args.length === 0 ? [] : [args.join(' ')];
  if (test.length === 0) throw new BuildFailure('Missing command after HEALTHCHECK CMD');
  const settings = {
    Interval: interval(flags, 'interval'),
    Timeout: interval(flags, 'timeout'),
    StartPeriod: interval(flags, 'start-period'),
    StartInterval: interval(flags, 'start-interval'),
    Retries: retries(flags.text('retries')),
  };
  return {
    Test: [json ? 'CMD' : 'CMD-SHELL', ...test],
    ...Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== 0)),
  };
}

/** Nanoseconds. */
function interval(flags: Flags, name: string): number {
  const text = flags.text(name);
  if (text === '') return 0;
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new BuildFailure(parsed.error);
  if (parsed.value !== 0 && parsed.value < 1_000_000)
    throw new BuildFailure(`Interval ${JSON.stringify(name)} cannot be less than 1ms`);
  return parsed.value;
}

function retries(text: string): number {
  if (text === '') return 0;
  if (!/^[+-]?\d+$/.test(text))
    throw new BuildFailure(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const count = Number(text);
  if (count < 0) throw new BuildFailure(`--retries cannot be negative (${count})`);
  return count;
}
