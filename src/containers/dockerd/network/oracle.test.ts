import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digestOf, outcomeOf, redirected, settled, unpacked, type OracleLine, type Packed } from './testing/oracle';
import { replay, type Outcome } from './testing/replay';
import { worldOf, type Probe, type World } from './testing/worlds';

const shared = process.env['BOTTLESHIP_SHARED'] ?? new URL('../../../../../shared', import.meta.url).pathname;
const folder = `${shared}/ground-truth/kube-proxy/oracle`;
const lines = <T>(path: string): readonly T[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"fate"'))
    .map((line) => JSON.parse(line) as T);

/** Where chance decides (which endpoint of a service, which port), two runs of the kernel differ as well. */
function certain({ fate, left, rules }: Outcome): Outcome {
  const chosen = rules.some((rule) => rule.includes('KUBE-SEP-'));
  return chosen ? { fate, left: 'an endpoint', rules: [] } : { fate, left, rules };
}

describe.skipIf(!existsSync(folder))('packets meet the rules that they met in the real kernel', () => {
  it.each(['docker', 'kp'])('%s', (name) => {
    const given = JSON.parse(readFileSync(`${folder}/case-${name}.json`, 'utf8')) as Pick<World, 'ifaces'> & {
      packets: readonly (Partial<Probe> & { readonly dst: string })[];
    };
    const packets = given.packets.map((packet): Probe => ({ proto: 'tcp', sport: 0, dport: 0, ...packet }));
    const rules = readFileSync(`${folder}/${name}-rules.txt`, 'utf8');
    const ours = replay({ ifaces: given.ifaces, rules, packets });
    const theirs = lines<OracleLine>(`${folder}/${name}-result.jsonl`).map(outcomeOf);
    const shown = (outcomes: readonly Outcome[]) =>
      packets.map((packet, index) => ({ packet, ...certain(outcomes[index]!) }));
    expect(shown(ours)).toEqual(shown(theirs));
  });
});

const recorded = JSON.parse(readFileSync(new URL('fixtures/kernel-oracle.json', import.meta.url), 'utf8')) as readonly {
  readonly world: number;
  readonly digest: string;
  readonly outcomes: Packed;
}[];

describe('worlds of docker, their packets recorded in the real kernel (scripts/record-netfilter.ts)', () => {
  it.each(recorded)('world $world', ({ world: number, digest, outcomes }) => {
    const world = worldOf(number);
    expect(digestOf(world)).toBe(digest);
    const ours = replay(world);
    const theirs = unpacked(outcomes);
    const different = world.packets.flatMap((packet, index) => {
      const real = settled(packet, theirs[index]!);
      const own = real.left === redirected ? { ...ours[index]!, left: redirected } : ours[index]!;
      return JSON.stringify(own) === JSON.stringify(real) ? [] : [{ packet, own, real }];
    });
    expect(different).toEqual([]);
  });
});
