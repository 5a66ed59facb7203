import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from '../runner';
import { replayDiscovery } from './discovery';
import { replayRequests } from './requests';
import { replayTables } from './tables';
import { replayVectors, vectorFiles } from './vectors';
import { replayVerdicts } from './verdicts';

/** What the apiserver answers, beside what the real one answered. */
export const suite: Suite = {
  name: 'api',
  folder: 'kubernetes/api',
  files: (recordings) => [
    ...['semantics', 'validation', 'manifests-verdicts', 'tables'].filter((file) =>
      existsSync(join(recordings, `${file}.jsonl`)),
    ),
    ...(existsSync(join(recordings, 'discovery')) ? ['discovery'] : []),
    ...vectorFiles(recordings),
  ],
  replay: (recordings, file) => {
    if (file.startsWith('vectors/')) return replayVectors(recordings, file);
    if (file === 'manifests-verdicts') return replayVerdicts(recordings, file);
    if (file === 'tables') return replayTables(recordings, file);
    return file === 'discovery' ? replayDiscovery(recordings, file) : replayRequests(recordings, file);
  },
};
