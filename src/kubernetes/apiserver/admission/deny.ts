import { forbidden, type Status } from '../../apimachinery/status';
import type { Attributes } from './admission';

/** admission.NewForbidden. What has no name yet goes by what its name is made of. */
export function deny(
  { kind, object, requested }: Pick<Attributes, 'kind' | 'object' | 'requested'>,
  why: string,
): Status {
  const { name, generateName = '' } = object.metadata;
  return forbidden(kind.names, requested ?? (name === '' ? generateName || 'Unknown' : name), why);
}

/** utilerrors.NewAggregate: one as it is, several in brackets, each once. */
export function aggregate(messages: readonly string[]): string | undefined {
  const distinct = [...new Set(messages)];
  return distinct.length < 2 ? distinct[0] : `[${distinct.join(', ')}]`;
}
