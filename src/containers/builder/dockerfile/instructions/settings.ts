import { Flags } from '../flags';
import type { Node } from '../nodes';
import { BuildFailure } from '../source';
import { atLeastOne, common, exactlyOne } from './common';
import type { Arg, Env, Expose, Label, Maintainer, Onbuild, OneWord, Pair, Volume } from './types';

/** ENV and LABEL. */
export function parseEnv(node: Node, kind: 'env' | 'label'): Env | Label {
  new Flags(node.flags, {});
  const { args } = node;
  const command = kind.toUpperCase();
  if (args.length === 0) throw atLeastOne(command);
  const pairs: Pair[] = [];
  for (let at = 0; at < args.length; at += 3) {
    const [key = '', value = '', delimiter = ''] = args.slice(at, at + 3);
    if (key === '') throw new BuildFailure(`${command} names can not be blank`);
    pairs.push({ key, value, legacy: delimiter === '' });
  }
  return { kind, ...common(node), pairs };
}

/** ARG, with or without a value. */
export function parseArg(node: Node): Arg {
  if (node.args.length === 0) throw atLeastOne('ARG');
  const pairs = node.args.map((arg) => {
    const equals = arg.indexOf('=');
    if (equals === 0) throw new BuildFailure('ARG names can not be blank');
    return equals < 0 ? { key: arg, value: undefined } : { key: arg.slice(0, equals), value: arg.slice(equals + 1) };
  });
  return { kind: 'arg', ...common(node), pairs };
}

export function parseMaintainer(node: Node): Maintainer {
  const text = exactlyOne(node);
  new Flags(node.flags, {});
  return { kind: 'maintainer', ...common(node), text };
}

/** USER, WORKDIR, STOPSIGNAL. */
export function parseWord(node: Node, kind: OneWord['kind']): OneWord {
  const text = exactlyOne(node);
  if (kind !== 'stopsignal') new Flags(node.flags, {});
  return { kind, ...common(node), text };
}

export function parseExpose(node: Node): Expose {
  if (node.args.length === 0) throw atLeastOne('EXPOSE');
  new Flags(node.flags, {});
  return { kind: 'expose', ...common(node), ports: [...node.args].sort() };
}

export function parseVolume(node: Node): Volume {
  if (node.args.length === 0) throw atLeastOne('VOLUME');
  new Flags(node.flags, {});
  const paths = node.args.map((path) => path.trim());
  if (paths.includes('')) throw new BuildFailure('VOLUME specified can not be an empty string');
  return { kind: 'volume', ...common(node), paths };
}

/** ONBUILD keeps its trigger as text. */
export function parseOnbuild(node: Node): Onbuild {
  const [trigger] = node.args;
  if (trigger === undefined) throw atLeastOne('ONBUILD');
  new Flags(node.flags, {});
  const command = trigger.trim().toUpperCase();
  if (command === 'ONBUILD') throw new BuildFailure("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
  if (command === 'MAINTAINER' || command === 'FROM')
    throw new BuildFailure(`${command} isn't allowed as an ONBUILD trigger`);
  const documents = node.heredocs.map(({ content, name }) => `\n${content}${name}`).join('');
  const expression = node.original.replace(/^\s*ONBUILD\s*/i, '') + documents;
  return { kind: 'onbuild', ...common(node), expression };
}
