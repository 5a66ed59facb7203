import { unresolvable, type Plugin } from '../framework';
import { tolerates } from '../selectors';

const rejection = unresolvable('node(s) were unschedulable');
const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Cordoned nodes take only pods that tolerate it. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  weight: 0,
  filter({ pod: { spec } }) {
    const tolerated = (spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint));
    return tolerated ? undefined : ({ unschedulable }) => (unschedulable ? rejection : undefined);
  },
};
