/** `npm run conformance:behaviours`: which of upstream's conformance behaviours this cluster has. */
import { existsSync } from 'node:fs';
import { list, tryAll } from './suite';

async function main(): Promise<number> {
  if (!existsSync(list)) {
    console.error(`conformance:behaviours: ${list}: no such file`);
    return 2;
  }
  let [passed, total] = [0, 0];
  for await (const { codename, failure } of tryAll(process.argv.slice(2))) {
    total++;
    if (failure === undefined) passed++;
    else console.log(`── ${codename}\n   ${failure}`);
  }
  console.log(`${passed} of ${total}`);
  return passed === total && total > 0 ? 0 : 1;
}

main().then(
  (code) => process.stdout.write('', () => process.exit(code)),
  (fault: unknown) => {
    console.error(fault);
    process.exit(1);
  },
);
