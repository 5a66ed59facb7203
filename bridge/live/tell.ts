import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, decode } from '../../src/linux/io/bytes';
import { runLine } from '../../src/world/node/run-line';
import type { World } from '../../src/world/world';
import { beginning, startBridge, type Bridge } from '../bridge';
import type { Scenario } from './scenario';
import type { Clients } from './clients';
import { mask } from './mask';

export interface Difference {
  readonly scenario: string;
  readonly line: string;
  readonly real: string;
  readonly emulated: string;
}

/** What the real client said to a line, and when. */
export interface Told {
  readonly line: string;
  /** Virtual milliseconds after the world's beginning. */
  readonly at: number;
  /** Standard output, standard error and exit status as one masked text. */
  readonly answer: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TellOptions {
  readonly seed: number;
  readonly clients: Clients;
  readonly verbose: boolean;
}

/** How long a line may take, in real milliseconds. */
const PATIENCE = 60_000;

/** After this many real milliseconds a real client is taken to wait for something to happen. */
const STILL = 900;

/** Tells a story to two worlds of one seed: to one by the real clients, to the other by the emulated ones. */
export async function tell(scenario: Scenario, { seed, clients, verbose }: TellOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'bottleship-live-'));
  const begin = beginning();
  const start = (name: string): Promise<Bridge> =>
    startBridge({
      seed,
      topology: scenario.topology,
      port: 0,
      speed: 1,
      begin,
      kubeconfig: join(folder, `${name}.conf`),
      dockerSocket: join(folder, `${name}.sock`),
      fault: (error, where) => {
        process.stderr.write(`fault in ${where}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      },
    });
  const real = await start('real');
  const emulated = await start('emulated');
  if (clients.kubectl !== undefined) symlinkSync(clients.kubectl, join(folder, 'kubectl'));
  for (const [name, text] of Object.entries(scenario.files ?? {})) {
    writeFileSync(join(folder, name), text);
    emulated.world.lab.first.fs.writeFile(`/root/${name}`, text);
  }
  const env = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    KUBECONFIG: join(folder, 'real.conf'),
    DOCKER_HOST: real.dockerHost ?? '',
    TZ: 'UTC',
  };
  const differences: Difference[] = [];
  const told: Told[] = [];
  let total = 0;
  try {
    for (const line of scenario.lines) {
      await meet(real, emulated);
      if (line === 'settle') {
        for (const each of [real, emulated]) each.pump.hold(false);
        await Promise.all([quiet(real), quiet(emulated)]);
        continue;
      }
      total++;
      const outcomes = async (): Promise<readonly [string, string]> => {
        const both = await Promise.all([runReal(line, folder, env, real), runEmulated(emulated, line)]);
        return [text(both[0], real), text(both[1], emulated)];
      };
      const at = (): number => real.world.lab.clock.now - begin;
      let asked = at();
      let [left, right] = await outcomes();
      // A second may have passed between the two clients: whoever only reads may read again.
      if (left !== right && readOnly.test(line)) {
        await meet(real, emulated);
        asked = at();
        [left, right] = await outcomes();
      }
      told.push({ line, at: asked, answer: left });
      if (verbose) process.stdout.write(`${left === right ? 'same' : 'DIFF'}  ${line}\n`);
      if (left !== right) differences.push({ scenario: scenario.name, line, real: left, emulated: right });
    }
  } finally {
    await Promise.all([real.close(), emulated.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
  return { same: total - differences.length, total, differences, begin, told };
}

/** Holds both worlds at the same instant: the present, or as soon as it is the present. */
async function meet(...bridges: readonly Bridge[]): Promise<void> {
  for (const { pump } of bridges) pump.hold(true);
  const clocks = bridges.map(({ world }) => world.lab.clock);
  const ahead = Math.max(...clocks.map(({ now }) => now)) - Date.now();
  if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead + 1));
  const instant = Date.now();
  await Promise.all(bridges.map(({ pump, world }) => pump.alone(() => world.lab.clock.advanceTo(instant))));
}

const readOnly =
  /^(kubectl (get|describe|events|api-resources|api-versions|explain|version)|docker (ps|images|inspect|logs)) ?/;

/** A server's address is not the client's doing. */
const text = (outcome: Outcome, { server }: Bridge): string =>
  answerText(outcome).replaceAll(server ?? '\0', 'https://172.30.1.2:6443');

export const answerText = ({ code, stdout, stderr }: Outcome): string =>
  mask(`${stdout}${stderr === '' ? '' : `── stderr\n${stderr}`}── ${code}\n`);

/** Virtual time stands still for the client, unless it waits for something. */
function runReal(line: string, cwd: string, env: NodeJS.ProcessEnv, { pump }: Bridge): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE });
    const waits = setTimeout(() => pump.hold(false), STILL);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(waits);
      pump.hold(true);
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}

/** At full speed: an emulated client knows no other time than the world's. */
const runEmulated = ({ world, pump }: Bridge, line: string): Promise<Outcome> => pump.alone(() => ask(world, line));

/** What the emulated clients say to a line. */
export async function ask(world: World, line: string): Promise<Outcome> {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const stdin = world.lab.first.fs.open('/dev/null', { read: true });
  if (!stdin.ok) throw new Error(stdin.error.message);
  const code = await runLine(world, {
    argv: ['bash', '-c', line],
    stdin: stdin.value,
    stdout: (bytes) => stdout.push(bytes) > 0,
    stderr: (bytes) => stderr.push(bytes) > 0,
  });
  return { code, stdout: decode(concat(stdout)), stderr: decode(concat(stderr)) };
}

/** Until nothing but leases has changed for a while. */
async function quiet({ world }: Bridge): Promise<void> {
  const digest = (): string =>
    [...(world.lab.controlPlane?.registry.storage.kinds ?? [])]
      .filter(({ names }) => names.kind !== 'Lease' && names.kind !== 'Event')
      .map(
        (kind) =>
          world.lab.registry
            ?.list(kind)
            .map(({ metadata }) => metadata.resourceVersion)
            .join() ?? '',
      )
      .join(';');
  let last = digest();
  for (let still = 0, waited = 0; still < 5 && waited < 60; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const now = digest();
    still = now === last ? still + 1 : 0;
    last = now;
  }
}
