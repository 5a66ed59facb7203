import { parseReference } from '../../images/reference';
import type { Stage } from './instructions/types';
import type { Linter } from './lint';
import { expand, type Variables } from './expand';

/** Rules that compare stages with each other (dockerfile2llb/validations.go). */
export function lintStages(stages: readonly Stage[], linter: Linter): void {
  const names = new Set<string>();
  for (const { name, from } of stages) {
    if (name === '') continue;
    if (name === 'context' || name === 'scratch')
      linter.warn(
        'ReservedStageName',
        from.ranges,
        `Stage name should not use the same name as reserved stage ${JSON.stringify(name)}`,
      );
    if (names.has(name))
      linter.warn(
        'DuplicateStageName',
        from.ranges,
        `Duplicate stage name ${JSON.stringify(name)}, stage names should be unique`,
      );
    names.add(name);
  }
  lintCasing(stages, linter);
}

function lintCasing(stages: readonly Stage[], linter: Linter): void {
  const all = stages.flatMap(({ from, instructions }) => [from, ...instructions]);
  const lower = all.filter(({ name }) => name === name.toLowerCase()).length;
  const upper = all.filter(({ name }) => name !== name.toLowerCase() && name === name.toUpperCase()).length;
  const wanted = lower > upper ? 'lowercase' : 'uppercase';
  for (const { name, ranges } of all) {
    if (name === (wanted === 'lowercase' ? name.toLowerCase() : name.toUpperCase())) continue;
    linter.warn(
      'ConsistentInstructionCasing',
      ranges,
      `Command '${name}' should match the case of the command majority (${wanted})`,
    );
  }
}

/** Base names must be good with the defaults of their arguments alone. */
export function lintDefaultBases(stages: readonly Stage[], defaults: Variables, escape: string, linter: Linter): void {
  for (const { base, from } of stages) {
    const { text } = expand(base, defaults, { escape });
    if (text === 'scratch' || parseReference(text).ok) continue;
    linter.warn(
      'InvalidDefaultArgInFrom',
      from.ranges,
      `Default value for ARG ${base} results in empty or invalid base image name`,
    );
  }
}

const secret = /(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const harmless = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** Names that look like secrets, kept in ENV or ARG. */
export function lintSecret(instruction: string, key: string, ranges: Stage['from']['ranges'], linter: Linter): void {
  if (!secret.test(key) || harmless.test(key)) return;
  linter.warn(
    'SecretsUsedInArgOrEnv',
    ranges,
    `Do not use ARG or ENV instructions for sensitive data (${instruction} ${JSON.stringify(key)})`,
  );
}
