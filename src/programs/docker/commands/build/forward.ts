import type { Process } from '../../../../linux/process/types';
import { Api } from '../../cli/api';
import { CommandError, type Group } from '../../cli/command';
import type { Session } from '../../cli/session';

/** Where the words of a command line go that buildx answers: `docker build` is `docker buildx build`. */
const forwards: readonly (readonly [words: readonly string[], plugin: readonly string[]])[] = [
  [['buildx'], []],
  [['bake'], ['bake']],
  [['builder'], []],
  [['build'], ['build']],
  [['image', 'build'], ['build']],
];

/** The words that buildx gets of a command line; undefined where they are not for it. */
export function forwardedWords(words: readonly string[]): readonly string[] | undefined {
  const found = forwards.find(([prefix]) => prefix.every((word, index) => words[index] === word));
  return found && [...found[1], ...words.slice(found[0].length)];
}

/** All of buildx's commands, for completion. */
export async function buildxTree(process: Process): Promise<Group> {
  const loading = process.clock.external(() => import('./cli/tree'));
  await process.sleep(0);
  return (await loading).tree;
}

/**
 * What runs a command line that belongs to buildx or to the legacy builder; undefined for all others
 * (cmd/docker/builder.go: processBuilder). Its code is loaded now; virtual time stands still meanwhile.
 */
export function forwardBuilder(
  process: Process,
  session: Session,
  given: readonly string[],
): (() => Promise<number>) | undefined {
  const words = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const found = forwards.find(([prefix]) => prefix.every((word, index) => words[index] === word));
  if (found === undefined) return undefined;
  const [prefix, plugin] = found;
  const rest = words.slice(prefix.length);
  return async () => {
    // debug.Enable()
    if (session.debug) process.env.set('DEBUG', '1');
    const legacy = prefix[0] !== 'buildx' && prefix[0] !== 'bake' && isDisabled(process);
    const loading = process.clock.external(() => import('./main'));
    await process.sleep(0);
    const { runBuildx, runLegacy } = await loading;
    if (legacy) return runLegacy(process, session, words);
    // Which builder it is depends on the engine (cli/command, BuildKitEnabled).
    if (prefix[0] !== 'buildx' && prefix[0] !== 'bake') await new Api(process, session).greet();
    if (prefix[0] !== 'buildx' && !hasBuilderName(process, rest))
      process.env.set('BUILDX_BUILDER', session.contextName);
    return runBuildx(process, session, [...plugin, ...rest]);
  };
}

function isDisabled({ env }: Process): boolean {
  const value = env.get('DOCKER_BUILDKIT') ?? '';
  if (value === '') return false;
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return false;
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return true;
  throw new CommandError(
    `DOCKER_BUILDKIT environment variable expects boolean value: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
  );
}

const hasBuilderName = ({ env }: Process, args: readonly string[]): boolean =>
  (env.get('BUILDX_BUILDER') ?? '') !== '' || args.some((arg) => arg === '--builder' || arg.startsWith('--builder='));
