import { GoText, goQuote, type FieldErrors } from '../../apimachinery/field-errors';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, IntOrString, LabelSelector, ObjectMeta } from '../../apimachinery/object';
import { int32, intOrString, list, named, need, ptr, str, struct } from '../../apimachinery/schema';
import { selectorColumnText } from '../../apimachinery/selector';
import { ageColumn, column, nameColumn } from '../columns';
import { labelSelector, object } from '../meta/schema';
import { labelSelector as validateLabelSelector, portNumberOrName } from '../validation/common';
import { cidrWarnings, isStrictSubset, legacyCidr } from '../validation/ip';

export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface NetworkPolicyPort {
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
  readonly port?: IntOrString;
  readonly endPort?: number;
}

export interface NetworkPolicy extends ApiObject {
  readonly metadata: ObjectMeta & { readonly namespace: string };
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly ingress?: readonly {
      readonly ports?: readonly NetworkPolicyPort[];
      readonly from?: readonly NetworkPolicyPeer[];
    }[];
    readonly egress?: readonly {
      readonly ports?: readonly NetworkPolicyPort[];
      readonly to?: readonly NetworkPolicyPeer[];
    }[];
    readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
  };
}

const ports = list(
  struct('NetworkPolicyPort', { protocol: ptr(named('Protocol')), port: ptr(intOrString), endPort: ptr(int32) }),
);
const peers = list(
  struct('NetworkPolicyPeer', {
    podSelector: ptr(labelSelector),
    namespaceSelector: ptr(labelSelector),
    ipBlock: ptr(struct('IPBlock', { cidr: need(str), except: list(str) })),
  }),
);

export const networkPolicy = defineKind<NetworkPolicy>({
  names: {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    short: ['netpol'],
  },
  scope: 'Namespaced',
  updateValidation: ['meta', 'validate', 'metaUpdate', 'validate', 'update'],
  schema: object('NetworkPolicy', {
    spec: struct('NetworkPolicySpec', {
      podSelector: need(labelSelector),
      ingress: list(struct('NetworkPolicyIngressRule', { ports, from: peers })),
      egress: list(struct('NetworkPolicyEgressRule', { ports, to: peers })),
      policyTypes: list(named('PolicyType')),
    }),
  }),
  generation: ({ spec }) => spec,

  // SetDefaults_NetworkPolicy: a policy is about what comes in, and about what goes out if it says so.
  defaults: (given) => {
    const spec = { ...given.spec, podSelector: given.spec?.podSelector ?? {} };
    const withProtocol = <Rule extends { readonly ports?: readonly NetworkPolicyPort[] }>(rule: Rule): Rule =>
      rule.ports === undefined
        ? rule
        : { ...rule, ports: rule.ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })) };
    return {
      ...given,
      spec: {
        ...spec,
        ...(spec.ingress === undefined ? {} : { ingress: spec.ingress.map(withProtocol) }),
        ...(spec.egress === undefined ? {} : { egress: spec.egress.map(withProtocol) }),
        policyTypes:
          spec.policyTypes !== undefined && spec.policyTypes.length > 0
            ? spec.policyTypes
            : ['Ingress', ...((spec.egress ?? []).length > 0 ? (['Egress'] as const) : [])],
      },
    };
  },
  validate: ({ spec }, errors) => {
    const at = errors.at('spec');
    validateLabelSelector(spec.podSelector, at.at('podSelector'));
    spec.ingress?.forEach((rule, index) => validateRule(rule.ports, rule.from, 'from', at.at('ingress').index(index)));
    spec.egress?.forEach((rule, index) => validateRule(rule.ports, rule.to, 'to', at.at('egress').index(index)));
    const types = spec.policyTypes ?? [];
    if (types.length > 2)
      return at
        .at('policyTypes')
        .invalid(
          new GoText(`[]networking.PolicyType{${types.map(goQuote).join(', ')}}`),
          'may not specify more than two policyTypes',
        );
    types.forEach((type, index) => {
      if (type !== 'Ingress' && type !== 'Egress')
        at.at('policyTypes').index(index).notSupported(type, ['Ingress', 'Egress']);
    });
  },
  warnings: ({ spec }) => [
    ...(spec.ingress ?? []).flatMap(({ from }, index) => peerWarnings(from, `spec.ingress[${index}].from`)),
    ...(spec.egress ?? []).flatMap(({ to }, index) => peerWarnings(to, `spec.egress[${index}].to`)),
  ],

  columns: [nameColumn, column('Pod-Selector', ({ spec }) => selectorColumnText(spec.podSelector)), ageColumn],
});

function validateRule(
  given: readonly NetworkPolicyPort[] | undefined,
  others: readonly NetworkPolicyPeer[] | undefined,
  word: string,
  errors: FieldErrors,
): void {
  given?.forEach(({ protocol, port, endPort }, index) => {
    const at = errors.at('ports').index(index);
    if (protocol !== undefined && !['TCP', 'UDP', 'SCTP'].includes(protocol))
      at.at('protocol').notSupported(protocol, ['TCP', 'UDP', 'SCTP']);
    const end = at.at('endPort');
    if (typeof port === 'number') {
      portNumberOrName(port, at.at('port'));
      // Upstream tells the port, not its end.
      if (endPort !== undefined && endPort < port) end.invalid(port, 'must be greater than or equal to `port`');
      if (endPort !== undefined) portNumberOrName(endPort, end);
      return;
    }
    if (endPort !== undefined)
      end.invalid(
        endPort,
        `may not be specified when \`port\` is ${port === undefined ? 'not specified' : 'non-numeric'}`,
      );
    if (port !== undefined) portNumberOrName(port, at.at('port'));
  });
  others?.forEach((peer, index) => {
    const at = errors.at(word).index(index);
    const members = Object.keys(peer).length;
    if (peer.podSelector !== undefined) validateLabelSelector(peer.podSelector, at.at('podSelector'));
    if (peer.namespaceSelector !== undefined) validateLabelSelector(peer.namespaceSelector, at.at('namespaceSelector'));
    if (peer.ipBlock !== undefined) validateBlock(peer.ipBlock, at.at('ipBlock'));
    if (peer.ipBlock !== undefined && members > 1) at.forbidden('may not specify both ipBlock and another peer');
    if (members === 0) at.required('must specify a peer');
  });
}

/** ValidateIPBlock. */
function validateBlock(
  { cidr = '', except = [] }: NonNullable<NetworkPolicyPeer['ipBlock']>,
  errors: FieldErrors,
): void {
  if (cidr === '') return errors.at('cidr').required('');
  const whole = legacyCidr(cidr, errors.at('cidr'));
  if (whole === undefined) return;
  except.forEach((text, index) => {
    const at = errors.at('except').index(index);
    const part = legacyCidr(text, at);
    if (part !== undefined && !isStrictSubset(part, whole)) at.invalid(text, 'must be a strict subset of `cidr`');
  });
}

const peerWarnings = (peers: readonly NetworkPolicyPeer[] | undefined, path: string): readonly string[] =>
  (peers ?? []).flatMap(({ ipBlock }, index) =>
    ipBlock === undefined
      ? []
      : [
          ...cidrWarnings(`${path}[${index}].ipBlock.cidr`, ipBlock.cidr),
          ...(ipBlock.except ?? []).flatMap((text, each) =>
            cidrWarnings(`${path}[${index}].ipBlock.except[${each}]`, text),
          ),
        ],
  );
