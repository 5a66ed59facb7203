import { normalise as normaliseDocker } from '../docker/normalise';

type Rule = readonly [RegExp, string];

/** What differs between two hosts, or two runs on one. */
const rules: readonly Rule[] = [
  // Counters of rules.
  [/^(:\S+ \S+) \[\d+:\d+\]$/gm, '$1 [0:0]'],
];

/** As conformance/docker does, and what only these questions show. */
export function normalise(_id: string, text: string): string {
  return normaliseDocker(rules.reduce((rest, [pattern, token]) => rest.replace(pattern, token), text));
}
