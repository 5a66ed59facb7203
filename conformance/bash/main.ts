/** `npm run conformance:shell`: scripts in this machine's real bash and dash, and in ours. */
import { programs as coreutils } from '../../src/programs/coreutils';
import { run, type Result } from '../../src/programs/shell/testing/machine';
import { recorded, recordedDash } from '../../src/programs/shell/testing/recorded';
import { generateScripts } from '../../src/programs/shell/testing/generate';
import { record, scriptsOf } from './record';
import { RealShells } from './real';

const usage = `usage: npm run --silent conformance:shell -- [--shell bash|dash] [--show K] [--scripts FILE | --generate COUNT --seed N] [--record NAME]`;

interface Arguments {
  shell: string;
  show: number;
  scripts?: string;
  generate?: number;
  seed: number;
  record?: string;
}

function parse(args: readonly string[]): Arguments | undefined {
  const parsed: Arguments = { shell: 'bash', show: 10, seed: 1 };
  for (let index = 0; index < args.length; index += 2) {
    const value = args[index + 1];
    if (value === undefined) return undefined;
    if (args[index] === '--shell') parsed.shell = value;
    else if (args[index] === '--show') parsed.show = Number(value);
    else if (args[index] === '--scripts') parsed.scripts = value;
    else if (args[index] === '--generate') parsed.generate = Number(value);
    else if (args[index] === '--seed') parsed.seed = Number(value);
    else if (args[index] === '--record') parsed.record = value;
    else return undefined;
  }
  return parsed;
}

const ours = (shell: string, script: string): Promise<Result> =>
  run([shell, '-c', script], '', coreutils).catch((fault: unknown) => ({
    stdout: '',
    stderr: `FAULT ${fault instanceof Error ? fault.message : String(fault)}`,
    status: -1,
  }));

function show(script: string, real: Result, mine: Result): void {
  console.log(`── ${script}`);
  for (const key of ['stdout', 'stderr', 'status'] as const)
    if (real[key] !== mine[key])
      console.log(`  ${key}\n    real ${JSON.stringify(real[key])}\n    ours ${JSON.stringify(mine[key])}`);
}

function scriptsFor({ scripts, generate, seed, shell }: Arguments): readonly string[] {
  if (scripts !== undefined) return scriptsOf(scripts);
  if (generate === undefined) return (shell === 'bash' ? recorded : recordedDash).map(([script]) => script);
  console.log(`seed ${seed}`);
  return generateScripts(seed, generate);
}

async function main(): Promise<number> {
  const parsed = parse(process.argv.slice(2));
  if (parsed === undefined) {
    console.error(usage);
    return 2;
  }
  const shells = new RealShells();
  try {
    if ((await shells.run([parsed.shell, '-c', ':'])) === undefined) {
      console.log(`conformance:shell: no real ${parsed.shell} to be had here (it needs Linux, root and unshare)`);
      return 0;
    }
    const scripts = scriptsFor(parsed);
    // What generated scripts complain of is often beside the point.
    const loose = parsed.generate !== undefined;
    const identical: string[] = [];
    let [same, left] = [0, parsed.show];
    for (const script of scripts) {
      const real = await shells.run([parsed.shell, '-c', script]);
      const mine = await ours(parsed.shell, script);
      if (real === undefined) console.log(`── ${script}\n  the real shell did not end`);
      else if (real.stdout === mine.stdout && (loose || real.stderr === mine.stderr) && real.status === mine.status) {
        same++;
        identical.push(script);
      } else if (left-- > 0) show(script, real, mine);
    }
    console.log(`${parsed.shell}: ${same} of ${scripts.length} identical`);
    // dash is not all there yet: what is kept of its scripts is what is.
    if (parsed.record !== undefined)
      await record(shells, parsed.shell, parsed.shell === 'dash' ? identical : scripts, parsed.record, loose);
    return same === scripts.length ? 0 : 1;
  } finally {
    shells.close();
  }
}

process.exit(await main());
