import type { Process, Program } from '../../linux/process/types';
import { dialectOf, saying } from '../toolkit/dialect';
import { parseOptions, type Options, type OptionSpec } from '../toolkit/options';

interface UtilitySpec extends OptionSpec {
  readonly name: string;
  readonly help: string;
}

/** A message after the program's name; gives the exit status. */
export type Complain = (message: string, status?: number) => Promise<number>;

/** A program of util-linux: -h, -V and the messages on wrong options. */
export function utility(
  spec: UtilitySpec,
  run: (process: Process, options: Options, complain: Complain) => Promise<number>,
): Program {
  return async (process) => {
    const name = process.argv[0] ?? spec.name;
    const complain: Complain = async (message, status = 1) => {
      const dialect = dialectOf(process);
      if (dialect !== undefined) {
        await saying(process, dialect, message);
        return dialect.trouble ?? status;
      }
      await process.stderr.write(`${name}: ${message}\n`);
      return status;
    };
    const options = parseOptions(process.args, { ...spec, short: `${spec.short ?? ''}hV` });
    const dialect = dialectOf(process);
    if (typeof options === 'string' && dialect !== undefined) {
      await process.stderr.write(`${name}: ${options}\n${dialect.usage}`);
      return 1;
    }
    if (typeof options === 'string') return complain(`${options}\nTry '${name} --help' for more information.`);
    if (options.has('h', 'help')) {
      await process.stdout.write(spec.help);
      return 0;
    }
    if (options.has('V', 'version')) {
      await process.stdout.write(`${spec.name} from util-linux 2.38.1\n`);
      return 0;
    }
    return run(process, options, complain);
  };
}
