import type { Cli } from '../../cli';
import { Exit, Failure, isNotFound, isStatus, type StatusError } from '../../errors';
import { text, type JsonObject } from '../../json';
import { decodeYaml } from '../../manifest/yaml';
import { compactJson, goSyntax, toJson } from '../../printers/json';
import { objectPrinter, unmanaged } from '../../printers/output';
import { toYaml } from '../../printers/yaml';
import { build } from '../../resource/builder';
import { checkSchema, placed } from '../../resource/documents';
import type { Info } from '../../resource/info';
import { decodeManifest } from '../../resource/files';
import { groupKind, groupResource } from '../../resource/mapper';
import { fieldValidation } from '../shared-flags';
import { edit as launch } from './editor';

/** Why a file must be edited again. */
interface Reason {
  readonly head: string;
  readonly others: readonly string[];
}

/** What came of saving. */
export interface Outcome {
  readonly reasons: Reason[];
  again: number;
  missing: number;
}

export const objectHeader = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export interface Session {
  readonly header: string;
  /** Sends what was edited. What the server refuses goes to the outcome; what is thrown ends the session. */
  readonly save: (edited: readonly Info[], outcome: Outcome) => Promise<void>;
}

const SOURCE = 'edited-file';

/** The objects of an edited text, with their types. */
export const parsed = async (cli: Cli, source: string): Promise<readonly Info[]> => {
  const stream = { name: SOURCE, read: () => Promise.resolve(source) };
  return (await build(cli, { stream, asIs: true, flatten: true, continueOnError: true })).infos();
};

const withoutComments = (source: string): string =>
  source
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');

/** What counts for a comparison: the value if it is YAML, otherwise the lines that are no comments. */
function substance(source: string): string {
  try {
    return compactJson(decodeYaml(source)[0] ?? null);
  } catch {
    return withoutComments(source);
  }
}

const commented = (line: string): string => line.replace(/\n(?=[^#])/g, '\n# ');
const headerOf = (header: string, reasons: readonly Reason[]): string =>
  `${header}${reasons
    .map(
      ({ head, others }) =>
        `# ${commented(head)}${others.length > 0 ? ':' : ''}\n${others.map((other) => `# * ${commented(other)}\n`).join('')}#\n`,
    )
    .join('')}`;

async function preserved<T extends Failure>(cli: Cli, file: string, reason: T): Promise<T> {
  if (file !== '' && cli.process.fs.stat(file).ok)
    await cli.err(`A copy of your changes has been stored to "${file}"\n`);
  return reason;
}

/** Says what the server refused, and keeps it for the head of the next round (editResults.addError). */
export async function refused(cli: Cli, info: Info, reason: StatusError, outcome: Outcome): Promise<void> {
  const what = `${groupResource(info.mapping)} "${info.name}"`;
  if (isStatus(reason, 'Invalid')) {
    const causes = reason.status.details?.causes ?? [];
    const others = causes.map(({ field = '', message = '' }) => `${field}: ${message}`);
    outcome.reasons.push({ head: `${what} was not valid`, others });
    return cli.err(`error: ${what} is invalid\n`);
  }
  if (isNotFound(reason)) {
    outcome.missing++;
    return cli.err(`error: ${what} could not be found on the server\n`);
  }
  outcome.again++;
  return cli.err(`error: ${what} could not be patched: ${reason.message}\n`);
}

async function schemaFault(cli: Cli, source: string): Promise<string | undefined> {
  if (fieldValidation(cli) === 'Ignore') return undefined;
  try {
    const documents = decodeManifest(source, SOURCE);
    if (documents.length === 0) return 'invalid object to validate';
    await checkSchema(cli, documents.slice(0, 1), SOURCE);
    return undefined;
  } catch (fault) {
    if (!(fault instanceof Failure)) throw fault;
    return fault.message;
  }
}

/** Lets objects be edited until the server takes them or nothing more changes. Source: kubectl editoptions.go. */
export async function editSession(cli: Cli, infos: readonly Info[], { header, save }: Session): Promise<void> {
  const json = cli.flags.string('output') === 'json';
  const objects = infos.map(({ object }) => unmanaged(object ?? {}) as JsonObject);
  const whole = objects.length === 1 ? objects[0] : { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} };
  const original = (json ? toJson : toYaml)(whole);
  const [first] = infos;
  let reasons: readonly Reason[] = [];
  let edited: string | undefined;
  let last = '';
  for (;;) {
    const opened = `${json ? '' : headerOf(header, reasons)}${edited === undefined ? original : withoutComments(edited)}`;
    const { text: now, file } = await launch(cli, opened, json ? '.json' : '.yaml');
    if (edited !== undefined && substance(edited) === substance(now))
      throw await preserved(cli, file, new Failure('Edit cancelled, no valid changes were saved.'));
    if (last !== '') cli.process.fs.unlink(last);
    last = file;
    const discard = (why = ''): Promise<void> => {
      cli.process.fs.unlink(file);
      return cli.err(why);
    };
    const fault = await schemaFault(cli, now);
    if (fault !== undefined && first) {
      await cli.err(`error: ${groupResource(first.mapping)} "${first.name}" is invalid\n`);
      reasons = [
        {
          head: `${groupResource(first.mapping)} "${first.name}" was not valid`,
          others: [`<nil>: Invalid value: "The edited file failed validation": ${fault}`],
        },
      ];
      edited = now;
      continue;
    }
    if (substance(original) === substance(now)) return discard('Edit cancelled, no changes made.\n');
    if (withoutComments(now).trim() === '') return discard('Edit cancelled, saved file was empty.\n');
    let updated: readonly Info[];
    try {
      updated = await parsed(cli, now);
    } catch (reason) {
      if (!(reason instanceof Failure)) throw reason;
      reasons = [{ head: `The edited file had a syntax error: ${reason.message}`, others: [] }];
      edited = now;
      continue;
    }
    const outcome: Outcome = { reasons: [], again: 0, missing: 0 };
    try {
      updated = updated.map((info) => placed(info, cli.factory.namespace.namespace, true));
      await save(updated, outcome);
    } catch (reason) {
      throw reason instanceof Failure ? await preserved(cli, file, reason) : reason;
    }
    if (outcome.again > 0) {
      await cli.err(`You can run \`kubectl replace -f ${file}\` to try this update again.\n`);
      throw new Exit();
    }
    if (outcome.missing > 0) {
      await cli.err(`The edits you made on deleted resources have been saved to "${file}"\n`);
      throw new Exit();
    }
    if (outcome.reasons.length === 0) return discard();
    ({ reasons } = outcome);
    edited = now;
  }
}

/** The object that an edited one was. */
export function originalFor(infos: readonly Info[], { object }: Info): Info {
  const uid = text(object, 'metadata', 'uid');
  const found = infos.find((info) => text(info.object, 'metadata', 'uid') === uid);
  if (found) return found;
  throw new Failure(`no original object found for &unstructured.Unstructured{Object:${goSyntax(object)}}`);
}

/** Prints an object as the flags say, or what was done with it. */
export async function tell(cli: Cli, { mapping, name }: Info, object: JsonObject, done: string): Promise<void> {
  const printer = objectPrinter(cli);
  await cli.out(printer ? printer.print(object) : `${groupKind(mapping)}/${name} ${done}\n`);
}
