import { didYouMean } from '../suggest';
import { BuildFailure } from '../source';
import type { Node } from '../nodes';
import { parseAdd, parseCopy } from './copy';
import { parseCmd, parseHealthcheck, parseRun, parseShell } from './command';
import { parseArg, parseEnv, parseExpose, parseMaintainer, parseOnbuild, parseVolume, parseWord } from './settings';
import type { Instruction } from './types';

const names = (
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME ' +
  'WORKDIR'
).split(' ');

/** An instruction other than FROM (instructions.ParseInstruction). */
export function parseInstruction(node: Node): Instruction {
  const command = node.command.toLowerCase();
  switch (command) {
    case 'env':
    case 'label':
      return parseEnv(node, command);
    case 'arg':
      return parseArg(node);
    case 'maintainer':
      return parseMaintainer(node);
    case 'add':
      return parseAdd(node);
    case 'copy':
      return parseCopy(node);
    case 'run':
      return parseRun(node);
    case 'cmd':
    case 'entrypoint':
      return parseCmd(node, command);
    case 'healthcheck':
      return parseHealthcheck(node);
    case 'expose':
      return parseExpose(node);
    case 'user':
    case 'workdir':
    case 'stopsignal':
      return parseWord(node, command);
    case 'volume':
      return parseVolume(node);
    case 'onbuild':
      return parseOnbuild(node);
    case 'shell':
      return parseShell(node);
    default:
      throw new BuildFailure(`unknown instruction: ${node.command}${didYouMean(node.command, names, false)}`);
  }
}
