import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createLab, type Lab } from '../../src/cluster/lab';
import { topologies } from '../../src/cluster/topology';
import { shared } from '../runner';
import { Framework, type Behaviours } from './framework';
import { areas, reasons } from './areas';

/** Upstream's list of what every conformant cluster does. */
export const list = join(shared, 'data/kubernetes-conformance-1.33.yaml');

/** Those that take long: not part of every test. */
export const isLong = (codename: string): boolean => /\[Slow\]|CustomResourcePublishOpenAPI/.test(codename);

/** What a server without anything in it must do. */
const groups = ['api-machinery', 'auth', 'instrumentation', 'architecture'];

/** Is this a behaviour of the apiserver itself? */
export const isOwn = (codename: string): boolean => groups.some((group) => codename.startsWith(`[sig-${group}]`));

/** The codenames of all listed behaviours. */
function codenames(): readonly string[] {
  if (!existsSync(list)) return [];
  const all = parse(readFileSync(list, 'utf8')) as readonly { readonly codename: string }[];
  return all.map(({ codename }) => codename);
}

export interface Verdict {
  readonly codename: string;
  /** What went wrong, or why nobody tried; undefined: it passes. */
  readonly failure?: string;
}

/** Tries behaviours in clusters that those of one area share. */
export async function* tryAll(
  only: readonly string[] = [],
  wants: (codename: string) => boolean = () => true,
): AsyncGenerator<Verdict> {
  const wanted = codenames().filter(
    (name) => wants(name) && (only.length === 0 || only.some((part) => name.includes(part))),
  );
  let index = 0;
  const missing = new Set(wanted);
  for (const behaviours of areas) {
    const mine = wanted.filter(
      (name) => Object.hasOwn(behaviours, name) && (only.length > 0 || reasons[name] === undefined),
    );
    if (mine.length === 0) continue;
    const lab = await boot();
    for (const codename of mine) {
      missing.delete(codename);
      const failure = await tryOne(lab, behaviours, codename, index++);
      yield failure === undefined ? { codename } : { codename, failure };
    }
  }
  for (const codename of missing) yield { codename, failure: reasons[codename] ?? 'not yet' };
}

async function boot(): Promise<Lab> {
  const topology = topologies['seed'];
  if (topology === undefined) throw new Error('there is no topology called seed');
  const lab = await createLab({
    topology,
    seed: 1,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    fault: (fault, process) => console.error(`${process.argv.join(' ')}: ${String((fault as Error).stack ?? fault)}`),
  });
  await lab.boot();
  return lab;
}

async function tryOne(lab: Lab, behaviours: Behaviours, codename: string, index: number): Promise<string | undefined> {
  const f = await Framework.begin(lab, index);
  try {
    await behaviours[codename]?.(f);
    return undefined;
  } catch (error) {
    return error instanceof Error
      ? process.env['VERBOSE'] === undefined
        ? error.message
        : error.stack
      : String(error);
  } finally {
    await f.end();
  }
}
