import type { CustomResourceDefinition } from './types';

export const approvedAnnotation = 'api-approved.kubernetes.io';

interface Approval {
  readonly state: 'Missing' | 'Unapproved' | 'Approved' | 'Invalid';
  readonly message: string;
}

/** GetAPIApprovalState, for the groups of the project itself; undefined for all others. */
export function approvalOf({
  metadata,
  spec,
}: Pick<CustomResourceDefinition, 'metadata' | 'spec'>): Approval | undefined {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(spec.group)) return undefined;
  const text = metadata.annotations?.[approvedAnnotation] ?? '';
  const must = `protected groups must have approval annotation "${approvedAnnotation}"`;
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (text === '') return { state: 'Missing', message: `${must}, ${see}` };
  if (text.startsWith('unapproved')) return { state: 'Unapproved', message: `not approved: ${JSON.stringify(text)}` };
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]+/.test(text)
    ? { state: 'Approved', message: `approved in ${text}` }
    : { state: 'Invalid', message: `${must} with either a URL or a reason starting with "unapproved", ${see}` };
}
