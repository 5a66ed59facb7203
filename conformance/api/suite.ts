import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from '../runner';
import { replayRequests } from './requests';
import { replayVectors, vectorFiles } from './vectors';
import { replayVerdicts } from './verdicts';

/** What the apiserver answers, beside what the real one answered. */
export const suite: Suite = {
  name: 'api',
  folder: 'kubernetes/api',
  files: (recordings) => [
    ...['semantics', 'validation', 'manifests-verdicts'].filter((file) =>
      existsSync(join(recordings, `${file}.jsonl`)),
    ),
    ...vectorFiles(recordings),
  ],
  replay: (recordings, file) =>
    file.startsWith('vectors/')
      ? replayVectors(recordings, file)
      : file === 'manifests-verdicts'
        ? replayVerdicts(recordings, file)
        : replayRequests(recordings, file),
};
