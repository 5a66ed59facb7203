import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One recorded answer beside ours. */
export interface Comparison {
  readonly id: string;
  readonly same: boolean;
  /** What to show of it if it differs. */
  readonly difference: string;
  /** The real thing itself no longer answers as recorded: replayed, but counted apart. */
  readonly setAside?: boolean;
  /** Is it the same by the rules alone that came with the recordings? Counted apart. */
  readonly sameByGivenRules?: boolean;
}

export interface Suite {
  /** `kubectl`, in messages. */
  readonly name: string;
  /** Where the recordings are, below the shared folder. */
  readonly folder: string;
  /** Where they are by default, if not there. */
  readonly place?: string;
  /** What there is to replay in a folder of recordings. */
  readonly files: (recordings: string) => readonly string[];
  readonly replay: (recordings: string, file: string) => AsyncIterable<Comparison>;
}

interface SuiteArguments {
  readonly recordings: string;
  /** How many differences to print. */
  readonly show: number;
  /** Files (by name) and ids to look at; all if there are none. */
  readonly only: readonly string[];
}

const root = resolve(import.meta.dirname, '..');

/** Where what is shared among projects stands. */
export const shared = process.env['BOTTLESHIP_SHARED'] ?? join(root, '../shared');

/** Where the recordings of a suite are unless something else is said. */
export const placeOf = ({ place, folder }: Suite): string => place ?? join(shared, 'ground-truth', folder);

function parse(args: readonly string[], suite: Suite): SuiteArguments | { readonly error: string } {
  let recordings = placeOf(suite);
  let show = 0;
  const only: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const [name = '', inline] = (args[index] ?? '').split(/=(.*)/s);
    const value = (): string | undefined => inline ?? args[++index];
    if (name === '--recordings') {
      const given = value();
      if (given === undefined) return { error: '--recordings needs a folder' };
      recordings = resolve(given);
    } else if (name === '--show') {
      show = Number(value());
      if (!Number.isInteger(show)) return { error: '--show needs a number' };
    } else if (name.startsWith('-')) {
      return { error: `unknown option ${name}` };
    } else only.push(name);
  }
  return { recordings, show, only };
}

/**
 * Replays what is recorded and says, file by file, how much of it we answer identically. The result is the exit status:
 * 0 only if all is.
 */
async function runSuite(suite: Suite, args: readonly string[]): Promise<number> {
  const parsed = parse(args, suite);
  if ('error' in parsed) {
    console.error(
      `conformance:${suite.name}: ${parsed.error}\n` +
        `usage: npm run --silent conformance:${suite.name} -- [--recordings DIR] [--show K] [FILE | ID]...`,
    );
    return 2;
  }
  const { recordings, only } = parsed;
  if (!existsSync(recordings)) {
    console.error(`conformance:${suite.name}: ${recordings}: no such folder (--recordings says where they are)`);
    return 2;
  }
  const files = suite.files(recordings);
  const names = new Set(files);
  const ids = only.filter((each) => !names.has(each));
  const chosen = only.some((each) => names.has(each)) ? files.filter((file) => only.includes(file)) : files;
  let [same, total, left] = [0, 0, parsed.show];
  const aside = { same: 0, total: 0 };
  let given: number | undefined;
  for (const file of chosen) {
    if (ids.length > 0 && !ids.some((id) => id.startsWith(file) || only.includes(file))) continue;
    const count = { same: 0, total: 0 };
    try {
      for await (const one of suite.replay(recordings, file)) {
        if (ids.length > 0 && !ids.includes(one.id)) continue;
        const into = one.setAside === true ? aside : count;
        into.total++;
        if (one.sameByGivenRules !== undefined) given = (given ?? 0) + Number(one.sameByGivenRules);
        if (one.same) into.same++;
        else if ((into === count || only.includes(one.id)) && left-- > 0)
          console.log(`── ${one.id}\n${one.difference}`);
      }
    } catch (fault) {
      console.error(`conformance:${suite.name}: ${file}: ${fault instanceof Error ? fault.stack : String(fault)}`);
      count.total++;
    }
    console.log(`${file}: ${count.same}/${count.total}`);
    same += count.same;
    total += count.total;
  }
  console.log(`${same} of ${total} identical${percent(same, total)}`);
  if (given !== undefined)
    console.log(`${given} of ${total} by the rules alone that came with the recordings${percent(given, total)}`);
  if (aside.total > 0) {
    const [all, ours] = [total + aside.total, same + aside.same];
    console.log(`${ours} of ${all} with the ${aside.total} that the real one fails, too${percent(ours, all)}`);
  }
  return same === total && total > 0 ? 0 : 1;
}

const percent = (part: number, whole: number): string =>
  whole < 100 ? '' : ` (${((100 * part) / whole).toFixed(1)} %)`;

/** Runs a suite as the whole of this process. */
export function main(suite: Suite): void {
  runSuite(suite, process.argv.slice(2)).then(
    (code) => process.stdout.write('', () => process.exit(code)),
    (fault: unknown) => {
      console.error(fault);
      process.exit(1);
    },
  );
}
