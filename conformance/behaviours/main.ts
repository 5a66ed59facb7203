/** `npm run conformance:behaviours`: which of upstream's conformance behaviours this cluster has. */
import { existsSync } from 'node:fs';
import { isOwn, list, tryAll } from './suite';

async function main(): Promise<number> {
  if (!existsSync(list)) {
    console.error(`conformance:behaviours: ${list}: no such file`);
    return 2;
  }
  const count = { passed: 0, total: 0 };
  const own = { passed: 0, total: 0 };
  let before = process.cpuUsage();
  for await (const { codename, failure } of tryAll(process.argv.slice(2))) {
    for (const each of isOwn(codename) ? [count, own] : [count]) {
      each.total++;
      if (failure === undefined) each.passed++;
    }
    if (process.env['TIMES'] !== undefined) {
      const { user, system } = process.cpuUsage(before);
      console.log(`${((user + system) / 1e3).toFixed(0).padStart(6)} ms of CPU: ${codename}`);
    }
    before = process.cpuUsage();
    if (failure !== undefined) console.log(`── ${codename}\n   ${failure}`);
  }
  if (own.total > 0) console.log(`${own.passed} of ${own.total} of api-machinery, auth, instrumentation, architecture`);
  console.log(`${count.passed} of ${count.total}`);
  return count.passed === count.total && count.total > 0 ? 0 : 1;
}

main().then(
  (code) => process.stdout.write('', () => process.exit(code)),
  (fault: unknown) => {
    console.error(fault);
    process.exit(1);
  },
);
