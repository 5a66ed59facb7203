import { expect, test } from 'vitest';
import { decode, noBytes } from '../../../linux/io/bytes';
import { Headers } from '../../../linux/net/http/message';
import { flowSchema } from '../../api/flowcontrol/flowschema';
import { priorityLevelConfiguration } from '../../api/flowcontrol/prioritylevelconfiguration';
import { serve } from '../testing';

test('each answer names who took the request: the first FlowSchema by precedence that means it', async () => {
  const { registry, handler } = serve();
  const names = new Map(
    [...registry.list(flowSchema), ...registry.list(priorityLevelConfiguration)].map(
      ({ kind, metadata: { uid, name } }) => [uid, `${kind} ${name}`],
    ),
  );
  const ask = async (commonName: string, organizations: readonly string[], url: string) => {
    const request = { method: 'GET', url, headers: new Headers(), body: noBytes };
    const { headers, body } = await handler(request, { remote: '::1', peer: { commonName, organizations } });
    const taken = ['Flowschema', 'Prioritylevel'].map((each) => headers.get(`X-Kubernetes-Pf-${each}-Uid`));
    return { text: body instanceof Uint8Array ? decode(body) : '', taken: taken.map((uid) => names.get(uid ?? '')) };
  };
  const taken = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).taken;
  const nodes = 'system:nodes';
  const pods = '/api/v1/namespaces/default/pods';
  expect({
    admin: await taken('admin', ['system:masters'], '/api/v1/pods'),
    kubelet: await taken('system:node:node1', [nodes], '/api/v1/pods'),
    lease: await taken('system:node:node1', [nodes], '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'),
    scheduler: await taken('system:kube-scheduler', [], '/api/v1/pods'),
    account: await taken('system:serviceaccount:default:default', ['system:serviceaccounts'], pods),
    jane: await taken('jane', [], pods),
    health: await taken('jane', [], '/healthz'),
    log: await taken('jane', [], `${pods}/web/log`),
  }).toEqual({
    admin: ['FlowSchema exempt', 'PriorityLevelConfiguration exempt'],
    kubelet: ['FlowSchema system-nodes', 'PriorityLevelConfiguration system'],
    lease: ['FlowSchema system-node-high', 'PriorityLevelConfiguration node-high'],
    scheduler: ['FlowSchema kube-scheduler', 'PriorityLevelConfiguration workload-high'],
    account: ['FlowSchema service-accounts', 'PriorityLevelConfiguration workload-low'],
    jane: ['FlowSchema global-default', 'PriorityLevelConfiguration global-default'],
    health: ['FlowSchema probes', 'PriorityLevelConfiguration exempt'],
    log: [undefined, undefined],
  });
  const { text } = await ask('admin', ['system:masters'], '/metrics');
  const lines = text.split('\n').filter((line) => line.startsWith('apiserver_flowcontrol_'));
  expect(lines).toContain(
    'apiserver_flowcontrol_dispatched_requests_total{flow_schema="exempt",priority_level="exempt"} 2',
  );
  expect(lines.filter((line) => line.includes('nominal_limit_seats'))).toMatchInlineSnapshot(`
    [
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="catch-all"} 13",
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="exempt"} 0",
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="global-default"} 49",
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="leader-election"} 25",
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="node-high"} 98",
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="system"} 74",
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="workload-high"} 98",
      "apiserver_flowcontrol_nominal_limit_seats{priority_level="workload-low"} 245",
    ]
  `);
});
