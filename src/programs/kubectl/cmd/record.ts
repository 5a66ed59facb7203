import type { Cli } from '../cli';
import { flag } from '../flags/flag-set';
import { withAt, type JsonObject } from '../json';

const changeCause = 'kubernetes.io/change-cause';

/** Goes some day, upstream says; courses still type it. */
export const recordFlag = flag.bool('record', false, 'Write this command into the annotation of the change cause.', {
  hidden: true,
  deprecated: '--record will be removed in the future',
});

/** With `--record`, the annotation that `rollout history` shows. Source: cli-runtime genericclioptions/record_flags.go. */
export function recorded(cli: Cli, object: JsonObject): JsonObject {
  if (!cli.flags.bool('record')) return object;
  const words = [cli.path, ...cli.args, ...cli.flags.given.map(({ flag: { name }, value }) => `--${name}=${value}`)];
  return withAt(object, ['metadata', 'annotations', changeCause], words.join(' ')) as JsonObject;
}
