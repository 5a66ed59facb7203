/** `npm run conformance:api`: what the apiserver answers, beside what the real one answered. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../runner';
import { replayRequests } from './requests';
import { replayVerdicts } from './verdicts';

main({
  name: 'api',
  folder: 'kubernetes/api',
  files: (recordings) =>
    ['semantics', 'validation', 'manifests-verdicts'].filter((file) => existsSync(join(recordings, `${file}.jsonl`))),
  replay: (recordings, file) =>
    file === 'manifests-verdicts' ? replayVerdicts(recordings, file) : replayRequests(recordings, file),
});
