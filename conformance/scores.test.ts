import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { suite as api } from './api/suite';
import { isLong, isOwn, list, tryAll } from './behaviours/suite';
import { differences } from './docker/differences';
import { suite as check } from './check/suite';
import { suite as docker } from './docker/suite';
import { suite as dockerApi } from './docker-api/suite';
import { differences as systemDifferences } from './docker-system/differences';
import { suite as dockerSystem } from './docker-system/suite';
import { differences as kubectlDifferences } from './kubectl/differences';
import { suite as kubectl } from './kubectl/suite';
import { suite as kubectlRequests } from './kubectl-requests/suite';
import { suite as loops } from './loops/suite';
import { suite as oils } from './oils/suite';
import { placeOf, type Suite } from './runner';

/** How many recorded answers we give identically. A score may rise, never fall: raise it when more becomes right. */
const scores: readonly (readonly [Suite, number])[] = [
  [kubectl, 2910],
  [kubectlRequests, 2865],
  [loops, 144],
  [api, 16450],
  [check, 370],
  [docker, 560],
  [dockerApi, 1880],
  [dockerSystem, 55],
  // Needs a copy of the Oils project's repository: see README.md.
  [oils, 2659],
];

const reasonsOf = new Map([
  [docker, differences],
  [dockerSystem, systemDifferences],
  [kubectl, kubectlDifferences],
]);

for (const [suite, floor] of scores) {
  const recordings = placeOf(suite);
  test.skipIf(!existsSync(recordings))(
    `conformance:${suite.name} (needs its recordings)`,
    { timeout: 300_000 },
    async () => {
      let same = 0;
      const differ: string[] = [];
      for (const file of suite.files(recordings)) {
        for await (const one of suite.replay(recordings, file)) {
          if (!one.same) differ.push(one.id);
          else if (one.setAside !== true) same++;
        }
      }
      expect(same).toBeGreaterThanOrEqual(floor);
      // Pure functions have no excuse.
      expect(differ.filter((id) => id.startsWith('vectors/'))).toEqual([]);
      // Reasons are complete once there is one: a new difference wants its own, and a stale reason goes.
      const reasons = reasonsOf.get(suite);
      if (reasons !== undefined && reasons.size > 0) expect([...reasons.keys()].sort()).toEqual(differ.sort());
    },
  );
}

/** How many of the conformance behaviours of the apiserver itself, and of all, the cluster has: without the long ones. */
const behaviours = { own: 95, all: 344 };

test.skipIf(!existsSync(list))('conformance:behaviours (needs the list of them)', { timeout: 300_000 }, async () => {
  const failed: string[] = [];
  let [own, all] = [0, 0];
  for await (const { codename, failure } of tryAll([], (codename) => !isLong(codename)))
    if (failure !== undefined) failed.push(`${codename}: ${failure}`);
    else {
      all++;
      if (isOwn(codename)) own++;
    }
  expect(own, failed.join('\n')).toBeGreaterThanOrEqual(behaviours.own);
  expect(all, failed.join('\n')).toBeGreaterThanOrEqual(behaviours.all);
});
