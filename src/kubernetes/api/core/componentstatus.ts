import { defineKind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { listMap, named, need, str, struct } from '../../apimachinery/schema';
import { column, nameColumn } from '../columns';
import { object } from '../meta/schema';

interface ComponentCondition {
  readonly type: 'Healthy';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly message?: string;
  readonly error?: string;
}

export interface ComponentStatus extends ApiObject {
  readonly conditions?: readonly ComponentCondition[];
}

const healthOf = ({ conditions = [] }: ComponentStatus): ComponentCondition | undefined =>
  conditions.find(({ type }) => type === 'Healthy');

/** Not stored: the server asks its neighbours whenever somebody wants to know. */
export const componentStatus = defineKind<ComponentStatus>({
  names: { group: '', version: 'v1', kind: 'ComponentStatus', plural: 'componentstatuses', short: ['cs'] },
  scope: 'Cluster',
  computed: true,
  deprecated: 'v1 ComponentStatus is deprecated in v1.19+',
  schema: object('ComponentStatus', {
    conditions: listMap(
      struct('ComponentCondition', {
        type: need(named('ComponentConditionType')),
        status: need(named('ConditionStatus')),
        message: str,
        error: str,
      }),
      'type',
    ),
  }),
  columns: [
    nameColumn,
    column(
      'Status',
      (object) => {
        const health = healthOf(object);
        return health === undefined ? 'Unknown' : health.status === 'True' ? 'Healthy' : 'Unhealthy';
      },
      'Status of the component conditions',
    ),
    column('Message', (object) => healthOf(object)?.message ?? '', 'Message of the component conditions'),
    column('Error', (object) => healthOf(object)?.error ?? '', 'Error of the component conditions'),
  ],
});
