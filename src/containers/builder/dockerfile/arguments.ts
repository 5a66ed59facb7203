import { BuildFailure } from './source';
import { splitCommand } from './split-command';

export interface Arguments {
  readonly args: readonly string[];
  readonly json: boolean;
}

const plain = (args: readonly string[]): Arguments => ({ args, json: false });
const one = (rest: string): Arguments => plain(rest === '' ? [] : [rest]);
const separated = (rest: string): Arguments => plain(rest === '' ? [] : rest.split(/[\t\v\f\r ]+/));

/** An instruction's arguments, as each family of instructions reads them (parser/line_parsers.go). */
export function argumentsOf(command: string, rest: string, escape: string): Arguments {
  switch (command) {
    case 'add':
    case 'copy':
    case 'volume':
      return json(rest) ?? separated(rest);
    case 'cmd':
    case 'entrypoint':
    case 'run':
    case 'shell':
      return (rest === '' ? undefined : json(rest)) ?? one(rest);
    case 'arg':
      return plain(quotedWords(rest, escape));
    case 'env':
    case 'label':
      return plain(pairs(rest, command.toUpperCase(), escape));
    case 'expose':
    case 'from':
      return separated(rest);
    case 'healthcheck':
      return health(rest);
    case 'onbuild': {
      if (rest === '') return plain([]);
      const inner = splitCommand(rest, escape);
      const found = argumentsOf(inner.command.toLowerCase(), inner.rest, escape);
      return { args: [inner.command, ...found.args], json: found.json };
    }
    case 'maintainer':
    case 'stopsignal':
    case 'user':
    case 'workdir':
      return one(rest);
    default:
      return plain([]);
  }
}

function json(rest: string): Arguments | undefined {
  if (!rest.trimStart().startsWith('[')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(rest);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  if (!parsed.every((word) => typeof word === 'string'))
    throw new BuildFailure('when using JSON array syntax, arrays must be comprised of strings only');
  return { args: parsed as readonly string[], json: true };
}

function health(rest: string): Arguments {
  const [, type = '', command = ''] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (type === '') return plain([]);
  const found = (command === '' ? undefined : json(command)) ?? one(command);
  return { args: [type, ...found.args], json: found.json };
}

/** `name=value name=value` or the old `name value`, as triples with the delimiter. */
function pairs(rest: string, command: string, escape: string): readonly string[] {
  const words = quotedWords(rest, escape);
  const [first] = words;
  if (first === undefined) return [];
  if (!first.includes('=')) {
    const match = /[\t\v\f\r ]+/.exec(rest);
    if (match === null) throw new BuildFailure(`${command} must have two arguments`);
    return [rest.slice(0, match.index), rest.slice(match.index + match[0].length), ''];
  }
  return words.flatMap((word) => {
    const equals = word.indexOf('=');
    if (equals < 0)
      throw new BuildFailure(`Syntax error - can't find = in ${JSON.stringify(word)}. Must be of the form: name=value`);
    return [word.slice(0, equals), word.slice(equals + 1), '='];
  });
}

/** Words separated by blanks; quotes hold words together and stay. */
export function quotedWords(rest: string, escape: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let blankOk = false;
  const finish = (): void => {
    if (blankOk || word !== '') words.push(word);
    word = '';
    blankOk = false;
  };
  for (let at = 0; at < rest.length; at++) {
    const char = rest.charAt(at);
    if (quote === '' && /\s/.test(char)) {
      finish();
      continue;
    }
    if (quote === '' && (char === "'" || char === '"')) {
      quote = char;
      blankOk = true;
    } else if (quote !== '' && char === quote) quote = '';
    else if (char === escape && quote !== "'") {
      if (at + 1 === rest.length) break;
      word += char + rest.charAt(++at);
      continue;
    }
    word += char;
  }
  finish();
  return words;
}
