import { apiService, type ApiService } from '../../api/apiregistration/apiservice';
import { timeOf } from '../../apimachinery/time';
import type { RegistryClient } from '../registry';

export interface Availability {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** What needs no service is always there. */
export const local: Availability = {
  status: 'True',
  reason: 'Local',
  message: 'Local APIServices are always available',
};

export const isAvailable = ({ status }: ApiService): boolean =>
  (status?.conditions ?? []).some((each) => each.type === 'Available' && each.status === 'True');

/** SetAPIServiceCondition: the time is that of the last change of the status, not of its reason. */
export function setAvailable(client: RegistryClient, name: string, found: Availability, now: number): void {
  client.mutateStatus(apiService, undefined, name, (current) => {
    const conditions = current.status?.conditions ?? [];
    const known = conditions.find(({ type }) => type === 'Available');
    if (known?.status === found.status && known.reason === found.reason && known.message === found.message)
      return current;
    const lastTransitionTime = known?.status === found.status ? known.lastTransitionTime : timeOf(now);
    const condition = {
      type: 'Available',
      ...found,
      ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
    } as const;
    const others = conditions.filter(({ type }) => type !== 'Available');
    return { ...current, status: { ...current.status, conditions: [...others, condition] } };
  });
}
