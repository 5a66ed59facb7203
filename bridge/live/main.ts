/** `npm run conformance:live`: the same lines through the real clients and through the emulated ones. */
import { parseArgs } from 'node:util';
import { scenarios } from './scenarios';
import { findClients } from './clients';
import { tell, type Difference } from './tell';

const usage = 'Usage: npm run --silent conformance:live -- [--only NAME] [--show K] [--seed N] [-v]\n';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      show: { type: 'string', default: '5' },
      seed: { type: 'string', default: '7' },
      verbose: { type: 'boolean', short: 'v', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const clients = findClients();
  let same = 0;
  let total = 0;
  const differences: Difference[] = [];
  for (const scenario of scenarios) {
    if (values.only !== undefined && scenario.name !== values.only) continue;
    const client = scenario.topology === 'docker' ? clients.docker : clients.kubectl;
    if (client === undefined) {
      process.stdout.write(`${scenario.name}: skipped, no real client found\n`);
      continue;
    }
    const result = await tell(scenario, { seed: Number(values.seed), clients, verbose: values.verbose });
    process.stdout.write(`${scenario.name}: ${result.same}/${result.total}\n`);
    same += result.same;
    total += result.total;
    differences.push(...result.differences);
  }
  for (const { scenario, line, real, emulated } of differences.slice(0, Number(values.show))) {
    process.stdout.write(`\n── ${scenario}: ${line}\n`);
    process.stdout.write(lineDifference(real, emulated));
  }
  process.stdout.write(`${same} of ${total} identical\n`);
  return same === total ? 0 : 1;
}

/** The lines in which two texts differ, at most 30 of them. */
function lineDifference(real: string, emulated: string): string {
  const left = real.split('\n');
  const right = emulated.split('\n');
  let out = '';
  let shown = 0;
  let i = 0;
  let j = 0;
  while ((i < left.length || j < right.length) && shown < 30) {
    if (left[i] === right[j]) {
      i++;
      j++;
      continue;
    }
    const ahead = right.indexOf(left[i] ?? '', j);
    const behind = left.indexOf(right[j] ?? '', i);
    shown++;
    if (j >= right.length || (behind >= 0 && i < left.length && (ahead < 0 || behind - i <= ahead - j))) {
      out += `- ${left[i++] ?? ''}\n`;
    } else if (i >= left.length || ahead >= 0) out += `+ ${right[j++] ?? ''}\n`;
    else out += `- ${left[i++] ?? ''}\n+ ${right[j++] ?? ''}\n`;
  }
  return out;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`live: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
