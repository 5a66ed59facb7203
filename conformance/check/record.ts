/** `npm run conformance:record`: what the real clients say to our worlds, written down for machines that have none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scenarios } from '../../bridge/live/scenarios';
import { findClients } from '../../bridge/live/clients';
import { goldenName, goldens, type GoldenWorld } from './suite';
import { tell } from '../../bridge/live/tell';

/** Descriptions of fields are upstream's prose, which stays out of the project. */
const prose = /^kubectl explain /;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, seed: { type: 'string', default: '7' } } });
  const clients = findClients();
  const seed = Number(values.seed);
  mkdirSync(goldens, { recursive: true });
  for (const scenario of scenarios) {
    if (values.only !== undefined && scenario.name !== values.only) continue;
    if ((scenario.topology === 'docker' ? clients.docker : clients.kubectl) === undefined) {
      process.stdout.write(`${scenario.name}: no real client found, left as it was\n`);
      continue;
    }
    const { begin, told, same, total } = await tell(scenario, { seed, clients, verbose: false });
    const header: GoldenWorld = { seed, begin };
    const lines = [header, ...told.filter(({ line }) => !prose.test(line))];
    writeFileSync(
      join(goldens, `${goldenName(scenario)}.jsonl`),
      lines.map((each) => `${JSON.stringify(each)}\n`).join(''),
    );
    process.stdout.write(`${scenario.name}: ${told.length} lines, ${same} of ${total} equal to the emulated client\n`);
  }
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`record: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  },
);
