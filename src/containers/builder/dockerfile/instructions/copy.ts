import { Flags } from '../flags';
import { chomped, parseHeredoc } from '../heredoc';
import type { Node } from '../nodes';
import { BuildFailure } from '../source';
import { common } from './common';
import type { Add, Copy, Sources } from './types';

/** COPY and its flags. */
export function parseCopy(node: Node): Copy {
  needsTarget(node, 'COPY');
  const flags = new Flags(node.flags, {
    chown: 'string',
    from: 'string',
    chmod: 'string',
    link: 'bool',
    exclude: 'strings',
    parents: 'bool',
  });
  return {
    kind: 'copy',
    ...common(node),
    ...sources(node, 'COPY', flags),
    from: flags.text('from'),
    parents: flags.isTrue('parents'),
  };
}

/** ADD and its flags. */
export function parseAdd(node: Node): Add {
  needsTarget(node, 'ADD');
  const flags = new Flags(node.flags, {
    chown: 'string',
    chmod: 'string',
    link: 'bool',
    'keep-git-dir': 'bool',
    checksum: 'string',
    unpack: 'bool',
    exclude: 'strings',
  });
  return {
    kind: 'add',
    ...common(node),
    ...sources(node, 'ADD', flags),
    checksum: flags.text('checksum'),
    unpack: flags.isUsed('unpack') ? flags.isTrue('unpack') : undefined,
  };
}

function needsTarget({ args }: Node, command: string): void {
  if (args.length < 2)
    throw new BuildFailure(
      `${command} requires at least two arguments, but only one was provided. Destination could not be determined`,
    );
}

function sources({ args, heredocs }: Node, command: string, flags: Flags): Sources {
  const target = args.at(-1) ?? '';
  if (parseHeredoc(target) !== undefined) throw new BuildFailure(`${command} cannot accept a heredoc as a destination`);
  const paths: string[] = [];
  const contents: { path: string; data: string; expand: boolean }[] = [];
  for (const source of args.slice(0, -1)) {
    const heredoc = parseHeredoc(source);
    if (heredoc === undefined) {
      paths.push(source);
      continue;
    }
    const data = heredocs.find(({ name }) => name === heredoc.name)?.content ?? '';
    contents.push({
      path: heredoc.name,
      data: heredoc.chomp ? chomped(data) : data,
      expand: heredoc.expand,
    });
  }
  return {
    paths,
    contents,
    target,
    chown: flags.text('chown'),
    chmod: flags.text('chmod'),
    link: flags.isTrue('link'),
    exclude: flags.texts('exclude'),
  };
}
