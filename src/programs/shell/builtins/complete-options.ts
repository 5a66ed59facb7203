import { isAction } from '../editor/completion/names';
import { actionLetters, completionOptions, specialNames, type CompletionSpec } from '../editor/completion/spec';
import { usage, warn } from '../run/io';
import type { Shell } from '../shell';

/** Options of `complete` and `compgen`, read. */
export interface CompleteOptions {
  readonly spec: CompletionSpec;
  /** Whether anything of a specification was given. */
  readonly specified: boolean;
  readonly letters: ReadonlySet<string>;
  readonly rest: readonly string[];
}

const withValue = 'oAGWFCXPS';

/** Reads options of which -o and -A may come often (build_actions of bash's complete.def). A number is the status of a wrong one. */
export async function readCompleteOptions(
  shell: Shell,
  args: readonly string[],
  switches: string,
  synopsis: string,
): Promise<CompleteOptions | number> {
  const letters = new Set<string>();
  const values = new Map<string, string>();
  const options = new Set<string>();
  const actions = new Set<string>();
  let index = 0;
  for (; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (argument === '--') {
      index++;
      break;
    }
    if (!argument.startsWith('-') || argument.length === 1) break;
    for (let at = 1; at < argument.length; at++) {
      const letter = argument.charAt(at);
      const action = actionLetters[letter];
      if (action !== undefined) actions.add(action);
      else if (switches.includes(letter)) letters.add(letter);
      else if (!withValue.includes(letter)) return usage(shell, `-${letter}: invalid option`, synopsis);
      else {
        const inline = argument.slice(at + 1);
        const value = inline === '' ? args[++index] : inline;
        if (value === undefined) return usage(shell, `-${letter}: option requires an argument`, synopsis);
        const fault = take(letter, value, { options, actions, values });
        if (fault !== undefined) {
          await warn(shell, fault);
          return 2;
        }
        break;
      }
    }
  }
  const spec: CompletionSpec = {
    actions: inOrder(actions),
    options,
    glob: values.get('G'),
    words: values.get('W'),
    function: values.get('F'),
    command: values.get('C'),
    filter: values.get('X'),
    prefix: values.get('P'),
    suffix: values.get('S'),
  };
  return { spec, specified: actions.size + options.size + values.size > 0, letters, rest: args.slice(index) };
}

interface Sinks {
  readonly options: Set<string>;
  readonly actions: Set<string>;
  readonly values: Map<string, string>;
}

/** Takes an option's value; gives what is wrong with it. */
function take(letter: string, value: string, { options, actions, values }: Sinks): string | undefined {
  if (letter === 'o') {
    if (!completionOptions.includes(value)) return `${value}: invalid option name`;
    options.add(value);
  } else if (letter === 'A') {
    if (!isAction(value)) return `${value}: invalid action name`;
    actions.add(value);
  } else if (letter === 'F' && /[\s;&|<>()$`"'\\]/.test(value)) return `\`${value}': not a valid identifier`;
  else values.set(letter, value);
  return undefined;
}

/** Actions in the order in which bash goes through them. */
const order =
  'alias arrayvar binding builtin command directory disabled enabled export file function group helptopic hostname job keyword running service setopt shopt signal stopped user variable'.split(
    ' ',
  );
const generating =
  'alias arrayvar binding builtin disabled enabled export function helptopic hostname job keyword running setopt shopt signal stopped variable command file user group service directory'.split(
    ' ',
  );

const inOrder = (actions: ReadonlySet<string>): readonly string[] => generating.filter((name) => actions.has(name));

const letterOf = new Map(Object.entries(actionLetters).map(([letter, action]) => [action, letter]));
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A specification as `complete -p` prints it. */
export function describeSpec(spec: CompletionSpec, name: string): string {
  const parts = completionOptions.filter((option) => spec.options.has(option)).map((option) => `-o ${option}`);
  const given = order.filter((action) => spec.actions.includes(action));
  for (const action of given) if (letterOf.has(action)) parts.push(`-${letterOf.get(action) ?? ''}`);
  for (const action of given) if (!letterOf.has(action)) parts.push(`-A ${action}`);
  const { glob, words, prefix, suffix, filter, command } = spec;
  if (glob !== undefined) parts.push(`-G ${quoted(glob)}`);
  if (words !== undefined) parts.push(`-W ${quoted(words)}`);
  if (prefix !== undefined) parts.push(`-P ${quoted(prefix)}`);
  if (suffix !== undefined) parts.push(`-S ${quoted(suffix)}`);
  if (filter !== undefined) parts.push(`-X ${quoted(filter)}`);
  if (command !== undefined) parts.push(`-C ${quoted(command)}`);
  if (spec.function !== undefined) parts.push(`-F ${spec.function}`);
  const special = Object.entries(specialNames).find(([, each]) => each === name)?.[0];
  return `complete ${[...parts, special === undefined ? name : `-${special}`].join(' ')}\n`;
}
