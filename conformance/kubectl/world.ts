import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLab, type Lab } from '../../src/cluster/lab';
import type { Request } from '../../src/linux/net/http/message';
import { topologies } from '../../src/cluster/topology';
import type { ApiObject } from '../../src/kubernetes/apimachinery/object';
import { readLines } from '../lines';
import { runShell, writeFiles } from '../shell';
import { parseWorldFile } from './base-world';
import { restoreState } from './recorded-state';

export interface Command {
  readonly id: string;
  readonly cmd: string;
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly at: string;
  readonly code?: number | null;
  readonly stdout?: string;
  readonly stderr?: string;
}

interface Description {
  readonly opts: { readonly base?: string; readonly manual?: string };
}

/** How long before its first command a world was made; and no command may take longer. Virtual milliseconds. */
const EARLIER = 9_000;
const SETTLING = 2_000;
const PATIENCE = 300_000;

/** A cluster in the state in which the commands of a world found it. `first` is when the first of them ran. */
export async function prepareWorld(
  folder: string,
  first: number,
  heard: (request: Request) => void = () => undefined,
): Promise<Lab> {
  const { opts } = JSON.parse(readFileSync(join(folder, 'world.json'), 'utf8')) as Description;
  const prep = existsSync(join(folder, 'prep.jsonl')) ? readLines<Command>(join(folder, 'prep.jsonl')) : [];
  const begin = Math.min(first, ...prep.map(({ at }) => Date.parse(at))) - EARLIER;
  const plain = topologies['hollow'];
  if (plain === undefined) throw new Error('there is no topology called hollow');
  const lab = await createLab({
    topology: {
      ...plain,
      hollow: { nodes: [], ...(opts.manual === undefined ? {} : { manual: new RegExp(opts.manual) }) },
    },
    seed: 1,
    begin,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    fault: (fault, process) => console.error(`${process.argv.join(' ')}: ${String((fault as Error).stack ?? fault)}`),
  });
  listenIn(lab, heard);
  await lab.boot();
  if (opts.base !== 'none') {
    const base = parseWorldFile(readFileSync(join(folder, '../_base.world'), 'utf8'));
    writeFiles(lab, base.files);
    for (const line of base.prep) await prepare(lab, line, {});
  }
  writeFiles(lab, filesBelow(join(folder, 'files')));
  for (const { cmd, stdin, files = {}, at } of prep) {
    await lab.clock.advanceTo(Math.max(lab.clock.now, Date.parse(at)));
    await prepare(lab, cmd, files, stdin);
  }
  const state = join(folder, 'objects.jsonl');
  if (existsSync(state)) {
    const recorded = readLines<ApiObject>(state);
    await lab.clock.advanceTo(Math.max(lab.clock.now, first - SETTLING));
    restoreState(lab, recorded, false);
    // Once more, for what the controllers said about the change.
    await lab.clock.advanceTo(Math.max(lab.clock.now, first - 1));
    // Where there are no pods, the controllers of the recording had only begun.
    const over = recorded.some(({ kind }) => kind === 'Pod');
    restoreState(lab, recorded, over);
  }
  return lab;
}

/** Everything that reaches the API server over the network is heard of first. */
function listenIn({ controlPlane }: Lab, heard: (request: Request) => void): void {
  if (controlPlane === undefined) return;
  const { handler } = controlPlane;
  Object.assign(controlPlane, {
    handler: (...[request, ...rest]: Parameters<typeof handler>) => {
      heard(request);
      return handler(request, ...rest);
    },
  });
}

async function prepare(lab: Lab, line: string, files: Readonly<Record<string, string>>, stdin?: string): Promise<void> {
  const { code, stderr } = await runShell(lab, { line, files, stdin, limit: PATIENCE });
  if (code !== 0 && process.env['CONFORMANCE_PREP'] !== undefined)
    console.error(`preparing: ${line}: ${code} ${stderr}`);
}

/** Every file below a folder by its path there. */
function filesBelow(folder: string, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  if (!existsSync(folder)) return found;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) Object.assign(found, filesBelow(path, `${prefix}${name}/`));
    else found[`${prefix}${name}`] = readFileSync(path, 'utf8');
  }
  return found;
}
