// `node scripts/run.mjs record-netfilter`, as root on Linux with ../shared beside the project: loads the rules of the
// docker worlds into the real kernel (a throw-away network namespace), checks that they are printed back the same, sends
// the worlds' packets, and keeps what became of each for src/containers/dockerd/network/oracle.test.ts.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, outcomeOf, packed, type OracleLine } from '../src/containers/dockerd/network/testing/oracle';
import { worldOf } from '../src/containers/dockerd/network/testing/worlds';

const WORLDS = 20;
/** Only some: `record-netfilter 3 7`; the others stay as they are. */
const asked = process.argv.slice(2).map(Number);
const shared = process.env['BOTTLESHIP_SHARED'] ?? join(process.cwd(), '../shared');
const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'netfilter-'));
const unshare = (...words: readonly string[]): string =>
  execFileSync('unshare', ['-n', '-m', ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 });
const rulesOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(\*|:|-A|COMMIT)/.test(line))
    .map((line) => line.replace(/ \[\d+:\d+\]$/, ''))
    .join('\n');
const tables = (text: string): string =>
  rulesOf(text)
    .split('COMMIT')
    .map((table) => table.trim())
    .sort()
    .join('\n');

/** What the kernel says; on a busy machine its trace comes late, and more patience is needed. */
function ask(rules: string, packets: string): readonly OracleLine[] {
  for (const quiet of ['0.03', '0.06', '0.12']) {
    process.env['QUIET'] = quiet;
    const lines = unshare('python3', join(shared, 'tools/kernel-oracle.py'), rules, packets)
      .split('\n')
      .filter((line) => line.includes('"fate"'))
      .map((line) => JSON.parse(line) as OracleLine);
    if (lines.every(({ path: [first] }) => first?.startsWith('raw:') === true)) return lines;
  }
  throw new Error('the trace comes too late');
}

const fixture = join(root, 'src/containers/dockerd/network/fixtures/kernel-oracle.json');
const known = existsSync(fixture) ? (JSON.parse(readFileSync(fixture, 'utf8')) as readonly { world: number }[]) : [];
const worlds: unknown[] = [];
for (let number = 0; number < WORLDS; number++) {
  const world = worldOf(number);
  const before = known.find((each) => each.world === number);
  if (asked.length > 0 && !asked.includes(number) && before !== undefined) {
    worlds.push(before);
    continue;
  }
  const rules = join(folder, 'rules.txt');
  const packets = join(folder, 'case.json');
  writeFileSync(rules, world.rules);
  writeFileSync(packets, JSON.stringify({ ifaces: world.ifaces, packets: world.packets }));
  const printed = unshare('sh', '-c', `iptables-restore < ${rules} && iptables-save`);
  if (tables(printed) !== tables(world.rules)) throw new Error(`world ${String(number)} is printed back otherwise`);
  const lines = ask(rules, packets);
  worlds.push({ world: number, digest: digestOf(world), outcomes: packed(lines.map(outcomeOf)) });
  process.stdout.write(`world ${String(number)}: ${String(lines.length)} packets\n`);
}
rmSync(folder, { recursive: true });
writeFileSync(fixture, `[\n${worlds.map((world) => JSON.stringify(world)).join(',\n')}\n]\n`);
