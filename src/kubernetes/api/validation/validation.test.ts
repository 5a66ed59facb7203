import { expect, test } from 'vitest';
import { decodeStruct } from '../../apimachinery/decode';
import { FieldErrors } from '../../apimachinery/field-errors';
import type { Kind } from '../../apimachinery/kind';
import type { ApiObject } from '../../apimachinery/object';
import { statefulSet } from '../apps/statefulset';
import { horizontalPodAutoscaler } from '../autoscaling/hpa';
import { cronJob } from '../batch/cronjob';
import { job } from '../batch/job';
import { certificateSigningRequest } from '../certificates/csr';
import { node } from '../core/node';
import { persistentVolume } from '../core/persistentvolume';
import { persistentVolumeClaim } from '../core/persistentvolumeclaim';
import { pod } from '../core/pod';
import { endpointSlice } from '../discovery/endpointslice';
import { ingress, ingressClass } from '../networking/ingress';
import { networkPolicy } from '../networking/networkpolicy';
import { podDisruptionBudget } from '../policy/poddisruptionbudget';
import { csiDriver, volumeAttachment } from '../storage/csi';
import { storageClass } from '../storage/storageclass';

/** What a new object is told, path and message a line; pointers are nobody's business. */
function problems(kind: Kind, body: object): readonly string[] {
  const { apiVersion, names, schema } = kind;
  const sent = { apiVersion, kind: names.kind, metadata: { name: 'web', namespace: 'val', uid: 'u' }, ...body };
  const value = schema === undefined ? sent : decodeStruct(schema, sent).value;
  const object = kind.prepareForCreate(
    kind.defaults({ ...value, apiVersion, kind: names.kind } as unknown as ApiObject),
  );
  const errors = new FieldErrors();
  kind.validate(object, errors);
  kind.validateCreate(object, errors);
  return errors.causes.map(({ field, message }) => `${field}: ${message}`.replace(/0xc\d+/g, '0xPTR'));
}

const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const once = { spec: { containers: [{ name: 'c', image: 'nginx' }], restartPolicy: 'Never' } };

test('jobs: policies of failure and success, indexes, selectors', () => {
  const policy = (rules: readonly object[]) => ({ spec: { template: once, podFailurePolicy: { rules } } });
  expect(
    problems(job, policy([{}, { action: 'FailIndex', onExitCodes: { operator: 'In', values: [2, 0, 2] } }])),
  ).toEqual([
    'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
    'spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
    'spec.podFailurePolicy.rules[1].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
    'spec.podFailurePolicy.rules[1].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
    'spec.podFailurePolicy.rules[1].onExitCodes.values[2]: Duplicate value: 2',
    'spec.podFailurePolicy.rules[1].onExitCodes.values: Invalid value: []int32{2, 0, 2}: must be ordered',
  ]);
  const indexed = { template: once, completionMode: 'Indexed', completions: 3 };
  expect(
    problems(job, {
      spec: { ...indexed, successPolicy: { rules: [{ succeededIndexes: '0-2,1' }, { succeededCount: 4 }, {}] } },
    }),
  ).toEqual([
    'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-2,1": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1',
    'spec.successPolicy.rules[1].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number of specified completions)',
    'spec.successPolicy.rules[2]: Required value: at least one of succeededCount or succeededIndexes must be specified',
  ]);
  expect(problems(job, { spec: { template: once, selector: { matchLabels: { app: 'a' } } } })).toEqual([
    'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"a", "batch.kubernetes.io/controller-uid":"u"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: `selector` not auto-generated',
    'spec.template.metadata.labels: Invalid value: map[string]string{"batch.kubernetes.io/controller-uid":"u", "batch.kubernetes.io/job-name":"web", "controller-uid":"u", "job-name":"web"}: `selector` does not match template `labels`',
  ]);
  expect(
    problems(cronJob, {
      spec: { schedule: 'TZ=UTC * * * * *', timeZone: 'local', jobTemplate: { spec: { template: once } } },
    }),
  ).toEqual([
    'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    'spec.timeZone: Invalid value: "local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    'spec.timeZone: Invalid value: "local": unknown time zone local',
  ]);
});

test('status of jobs: what changed must be right', () => {
  const object = (status: object) =>
    ({ metadata: { name: 'j', namespace: 'v' }, spec: { completions: 1, parallelism: 1 }, status }) as never;
  const errors = new FieldErrors();
  job.validateStatusUpdate(
    object({ conditions: [{ type: 'Failed', status: 'True' }], failed: 1, active: -1 }),
    object({ failed: 2 }),
    errors,
  );
  expect(errors.causes.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'status.active: Invalid value: -1: must be greater than or equal to 0',
    'status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition',
    'status.startTime: Required value: startTime is required for finished job',
    'status.failed: Invalid value: 1: cannot decrease the failed counter',
  ]);
});

test('stateful sets, autoscalers, budgets', () => {
  expect(
    problems(statefulSet, {
      spec: {
        selector: { matchLabels: {} },
        serviceName: 'Bad_',
        template,
        updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Bad' },
      },
    }),
  ).toEqual([
    `spec.updateStrategy.rollingUpdate: Invalid value: apps.RollingUpdateStatefulSetStrategy{Partition:1, MaxUnavailable:(*intstr.IntOrString)(nil)}: only allowed for updateStrategy 'RollingUpdate'`,
    'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Bad": supported values: "Retain", "Delete"',
    'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for statefulset',
    "spec.serviceName: Invalid value: \"Bad_\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  ]);
  const scaleTargetRef = { kind: 'Deployment', name: 'a/b' };
  expect(
    problems(horizontalPodAutoscaler, {
      spec: {
        scaleTargetRef,
        maxReplicas: 1,
        metrics: [
          {},
          { type: 'Pods', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '-1' } } },
          { type: 'External', external: {} },
        ],
        behavior: { scaleUp: { policies: [], selectPolicy: 'Bad', stabilizationWindowSeconds: 3601 } },
      },
    }),
  ).toEqual([
    `spec.scaleTargetRef.name: Invalid value: "a/b": may not contain '/'`,
    'spec.metrics[0].type: Required value: must specify a metric source type',
    'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    'spec.metrics[0].type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    'spec.metrics[1].resource.target.averageValue: Invalid value: resource.Quantity{i:resource.int64Amount{value:-1, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"-1", Format:"DecimalSI"}: must be positive',
    'spec.metrics[1].pods: Required value: must populate information for the given metric source',
    'spec.metrics[2].external.metric.name: Required value: must specify a metric name',
    'spec.metrics[2].external.target.type: Required value: must specify a metric target type',
    'spec.metrics[2].external.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
    'spec.metrics[2].external.target.averageValue: Required value: must set either a target value for metric or a per-pod target',
    'spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600',
    'spec.behavior.scaleUp.selectPolicy: Unsupported value: "Bad": supported values: "Disabled", "Max", "Min"',
    'spec.behavior.scaleUp.policies: Required value: must specify at least one Policy',
  ]);
  expect(problems(podDisruptionBudget, { spec: { minAvailable: 1, maxUnavailable: '101%' } })).toEqual([
    'spec: Invalid value: policy.PodDisruptionBudgetSpec{MinAvailable:(*intstr.IntOrString)(0xPTR), Selector:(*v1.LabelSelector)(nil), MaxUnavailable:(*intstr.IntOrString)(0xPTR), UnhealthyPodEvictionPolicy:(*policy.UnhealthyPodEvictionPolicyType)(nil)}: minAvailable and maxUnavailable cannot be both set',
    'spec.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"101%"}: must not be greater than 100%',
  ]);
});

test('signing requests', () => {
  expect(
    problems(certificateSigningRequest, {
      spec: { request: 'eA==', signerName: 'A.b/c', usages: ['signing', 'signing'], expirationSeconds: 5 },
    }),
  ).toEqual([
    'spec.request: Invalid value: []byte{0x78}: PEM block type must be CERTIFICATE REQUEST',
    'spec.usages[1]: Duplicate value: "signing"',
    `spec.signerName: Invalid value: "A.b": validating label "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    'spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 600 seconds (10 minutes)',
  ]);
});

test('networking and discovery', () => {
  expect(
    problems(ingress, {
      spec: {
        rules: [{ host: '1.2.3.4', http: { paths: [{ pathType: 'Exact', path: 'x', backend: { resource: {} } }] } }],
        tls: [{ secretName: '-' }],
      },
    }).map((text) => text.slice(0, 110)),
  ).toEqual([
    'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
    'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
    'spec.rules[0].http.paths[0].backend.resource.kind: Required value: kind is required',
    'spec.rules[0].http.paths[0].backend.resource.name: Required value: name is required',
    'spec.tls[0].secretName: Invalid value: "-": a lowercase RFC 1123 subdomain must consist of lower case alphanum',
  ]);
  expect(
    problems(ingressClass, { spec: { controller: 'x', parameters: { kind: 'K', name: 'n', scope: 'Namespace' } } }),
  ).toEqual([
    'spec.controller: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")',
    "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
  ]);
  expect(
    problems(networkPolicy, {
      spec: {
        ingress: [
          { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8', 'x'] } }], ports: [{ endPort: 79 }] },
        ],
      },
    }),
  ).toEqual([
    'spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is not specified',
    'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
  ]);
  expect(problems(endpointSlice, { addressType: 'IPv4', endpoints: [{ addresses: ['::1', 'x'] }] })).toEqual([
    'endpoints[0].addresses: Invalid value: "::1": must be an IPv4 address',
    'endpoints[0].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    'endpoints[0].addresses[1]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
});

test('storage and nodes', () => {
  expect(
    problems(persistentVolume, {
      spec: { accessModes: ['ReadWriteOnce'], capacity: { cpu: '1' }, local: { path: '/x' } },
    }),
  ).toEqual([
    'spec.capacity: Unsupported value: core.ResourceList{"cpu":resource.Quantity{i:resource.int64Amount{value:1, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"1", Format:"DecimalSI"}}: supported values: "storage"',
    'spec.nodeAffinity: Required value: Local volume requires node affinity',
  ]);
  expect(
    problems(persistentVolumeClaim, {
      spec: { resources: { requests: { storage: '-1' } }, dataSourceRef: { kind: 'X', name: 'n' } },
    }),
  ).toEqual([
    'spec.accessModes: Required value: at least 1 access mode is required',
    'spec.resources[storage]: Invalid value: "-1": must be greater than zero',
    `spec.dataSource: Invalid value: "X": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
    `spec.dataSourceRef: Invalid value: "X": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
  ]);
  expect(problems(storageClass, { provisioner: 'p', allowedTopologies: [{}] })).toEqual([
    'allowedTopologies[0].matchLabelExpressions: Duplicate value: ""',
  ]);
  expect(
    problems(csiDriver, {
      spec: { volumeLifecycleModes: ['Bad'], tokenRequests: [{ audience: 'a', expirationSeconds: 5 }] },
    }),
  ).toEqual([
    'spec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
    'spec.volumeLifecycleModes: Unsupported value: "Bad": supported values: "Persistent", "Ephemeral"',
  ]);
  expect(problems(volumeAttachment, { spec: { attacher: 'a', nodeName: 'n' } })).toEqual([
    'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  ]);
  expect(problems(node, { spec: { podCIDRs: ['10.0.0.0/24', '10.1.0.0/24'], taints: [{ key: 'a' }] } })).toEqual([
    'metadata.taints[0].effect: Required value',
    'spec.podCIDRs: Invalid value: []string{"10.0.0.0/24", "10.1.0.0/24"}: may specify no more than one CIDR for each IP family',
  ]);
});

test('pods: sources of volumes, policies of resize, systems', () => {
  const container = { name: 'c', image: 'nginx' };
  const volumes = [
    { name: 'a', iscsi: { targetPortal: 'a', iqn: 'bad', lun: 300 } },
    { name: 'b', flocker: {} },
    { name: 'c', quobyte: {} },
    { name: 'd', fc: {} },
    { name: 'e', emptyDir: { sizeLimit: '-1' } },
  ];
  expect(problems(pod, { spec: { containers: [container], volumes } })).toEqual([
    'spec.volumes[0].iscsi.iqn: Invalid value: "bad": must be valid format starting with iqn, eui, or naa',
    'spec.volumes[0].iscsi.lun: Invalid value: 300: must be between 0 and 255, inclusive',
    'spec.volumes[1].flocker: Required value: one of datasetName and datasetUUID is required',
    'spec.volumes[2].quobyte.registry: Required value: must be a host:port pair or multiple pairs separated by commas',
    'spec.volumes[2].quobyte.volume: Required value',
    'spec.volumes[3].fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both',
    'spec.volumes[4].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity',
  ]);
  const resizePolicy = [{ resourceName: 'foo', restartPolicy: 'NotRequired' }, { resourceName: 'cpu' }];
  expect(
    problems(pod, {
      spec: {
        containers: [{ ...container, resizePolicy, securityContext: { privileged: true } }],
        os: { name: 'windows' },
        hostPID: true,
      },
    }),
  ).toEqual([
    'spec.containers[0].resizePolicy: Unsupported value: foo: supported values: "cpu", "memory"',
    'spec.containers[0].resizePolicy: Required value',
    'spec.hostPID: Forbidden: cannot be set for a windows pod',
    'spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod',
  ]);
});
