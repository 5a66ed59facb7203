import type { Service } from '../../../api/core/service';
import type { Quantity } from '../../../apimachinery/quantity';
import { one } from '../amounts';
import type { Evaluator } from './evaluator';

const count = (value: number): Quantity => ({ unscaled: BigInt(value), scale: 0, format: 'DecimalSI', wide: false });
const names = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'];

/** serviceEvaluator (pkg/quota/v1/evaluator/core/services.go). */
export const serviceEvaluator: Evaluator<Service> = {
  handles: ({ operation, subresource }) => subresource === undefined && operation !== 'DELETE',
  counts: (name) => names.includes(name),
  usage({ spec }) {
    const { type, ports = [], allocateLoadBalancerNodePorts } = spec;
    let nodePorts = 0;
    if (type === 'NodePort') nodePorts = ports.length;
    if (type === 'LoadBalancer')
      nodePorts =
        allocateLoadBalancerNodePorts === false
          ? ports.filter(({ nodePort = 0 }) => nodePort !== 0).length
          : ports.length;
    return new Map([
      ['count/services', one],
      ['services', one],
      ['services.nodeports', count(nodePorts)],
      ['services.loadbalancers', count(type === 'LoadBalancer' ? 1 : 0)],
    ]);
  },
};
