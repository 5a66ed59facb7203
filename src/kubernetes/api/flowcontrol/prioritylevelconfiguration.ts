import { equal } from '../../apimachinery/equal';
import type { FieldErrors } from '../../apimachinery/field-errors';
import { defineKind } from '../../apimachinery/kind';
import type { ApiObject, Condition, Time } from '../../apimachinery/object';
import { int32, listMap, named, need, ptr, str, struct, time } from '../../apimachinery/schema';
import { ageColumn, column, nameColumn } from '../columns';
import { object } from '../meta/schema';
import { mandatoryPriorityLevels } from './mandatory';

export interface PriorityLevelConfiguration extends ApiObject {
  readonly spec: PriorityLevelConfigurationSpec;
  readonly status: { readonly conditions?: readonly (Condition & { readonly lastTransitionTime?: Time })[] };
}

export interface PriorityLevelConfigurationSpec {
  readonly type: string;
  readonly limited?: LimitedPriorityLevel;
  readonly exempt?: { readonly nominalConcurrencyShares?: number; readonly lendablePercent?: number };
}

export interface LimitedPriorityLevel {
  readonly nominalConcurrencyShares?: number;
  readonly limitResponse: { readonly type: string; readonly queuing?: Queuing };
  readonly lendablePercent?: number;
  readonly borrowingLimitPercent?: number;
}

export interface Queuing {
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
}

const schema = object('PriorityLevelConfiguration', {
  spec: struct('PriorityLevelConfigurationSpec', {
    type: need(named('PriorityLevelEnablement')),
    limited: ptr(
      struct('LimitedPriorityLevelConfiguration', {
        nominalConcurrencyShares: ptr(int32),
        limitResponse: struct('LimitResponse', {
          type: need(named('LimitResponseType')),
          queuing: ptr(
            struct('QueuingConfiguration', {
              queues: need(int32),
              handSize: need(int32),
              queueLengthLimit: need(int32),
            }),
          ),
        }),
        lendablePercent: ptr(int32),
        borrowingLimitPercent: ptr(int32),
      }),
    ),
    exempt: ptr(
      struct('ExemptPriorityLevelConfiguration', { nominalConcurrencyShares: ptr(int32), lendablePercent: ptr(int32) }),
    ),
  }),
  status: struct('PriorityLevelConfigurationStatus', {
    conditions: listMap(
      struct('PriorityLevelConfigurationCondition', {
        type: named('PriorityLevelConfigurationConditionType'),
        status: named('ConditionStatus'),
        lastTransitionTime: time,
        reason: str,
        message: str,
      }),
      'type',
    ),
  }),
});

/** SetDefaults_ExemptPriorityLevelConfiguration and its neighbours. */
function defaults(given: PriorityLevelConfiguration): PriorityLevelConfiguration {
  const { spec } = given;
  if (spec === undefined) return given;
  const { limited, exempt } = spec;
  const queuing = limited?.limitResponse?.queuing;
  return {
    ...given,
    spec: {
      ...spec,
      ...(exempt === undefined ? {} : { exempt: { nominalConcurrencyShares: 0, lendablePercent: 0, ...exempt } }),
      ...(limited === undefined
        ? {}
        : {
            limited: {
              nominalConcurrencyShares: 30,
              lendablePercent: 0,
              ...limited,
              ...(queuing === undefined
                ? {}
                : {
                    limitResponse: {
                      ...limited.limitResponse,
                      queuing: {
                        queues: queuing.queues || 64,
                        handSize: queuing.handSize || 8,
                        queueLengthLimit: queuing.queueLengthLimit || 50,
                      },
                    },
                  }),
            },
          }),
    },
  };
}

const none = '<none>';
const queues = (key: keyof Queuing) => (each: PriorityLevelConfiguration) =>
  each.spec.limited?.limitResponse.queuing?.[key] ?? none;

export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  names: {
    group: 'flowcontrol.apiserver.k8s.io',
    version: 'v1',
    kind: 'PriorityLevelConfiguration',
    plural: 'prioritylevelconfigurations',
  },
  scope: 'Cluster',
  schema,
  subresources: { status: true },
  generation: ({ spec }) => spec,
  defaults,
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validate,
  columns: [
    nameColumn,
    column(
      'Type',
      ({ spec }) => spec.type,
      '`type` indicates whether this priority level is subject to limitation on request execution.  A value of `"Exempt"` means that requests of this priority level are not subject to a limit (and thus are never queued) and do not detract from the capacity made available to other priority levels.  A value of `"Limited"` means that (a) requests of this priority level _are_ subject to limits and (b) some of the server\'s limited capacity is made available exclusively to this priority level. Required.',
    ),
    column(
      'NominalConcurrencyShares',
      ({ spec }) => spec.limited?.nominalConcurrencyShares ?? none,
      `\`nominalConcurrencyShares\` (NCS) contributes to the computation of the NominalConcurrencyLimit (NominalCL) of this level. This is the number of execution seats available at this priority level. This is used both for requests dispatched from this priority level as well as requests dispatched from other priority levels borrowing seats from this level. The server's concurrency limit (ServerCL) is divided among the Limited priority levels in proportion to their NCS values:

NominalCL(i)  = ceil( ServerCL * NCS(i) / sum_ncs ) sum_ncs = sum[priority level k] NCS(k)

Bigger numbers mean a larger nominal concurrency limit, at the expense of every other priority level.

If not specified, this field defaults to a value of 30.

Setting this field to zero supports the construction of a "jail" for this priority level that is used to hold some request(s)`,
    ),
    column(
      'Queues',
      queues('queues'),
      '`queues` is the number of queues for this priority level. The queues exist independently at each apiserver. The value must be positive.  Setting it to 1 effectively precludes shufflesharding and thus makes the distinguisher method of associated flow schemas irrelevant.  This field has a default value of 64.',
    ),
    column(
      'HandSize',
      queues('handSize'),
      "`handSize` is a small positive number that configures the shuffle sharding of requests into queues.  When enqueuing a request at this priority level the request's flow identifier (a string pair) is hashed and the hash value is used to shuffle the list of queues and deal a hand of the size specified here.  The request is put into one of the shortest queues in that hand. `handSize` must be no larger than `queues`, and should be significantly smaller (so that a few heavy flows do not saturate most of the queues).  See the user-facing documentation for more extensive guidance on setting this field.  This field has a default value of 8.",
    ),
    column(
      'QueueLengthLimit',
      queues('queueLengthLimit'),
      '`queueLengthLimit` is the maximum number of requests allowed to be waiting in a given queue of this priority level at a time; excess requests are rejected.  This value must be positive.  If not specified, it will be defaulted to 50.',
    ),
    ageColumn,
  ],
});

/** ValidatePriorityLevelConfiguration. */
function validate({ metadata, spec }: PriorityLevelConfiguration, errors: FieldErrors): void {
  const at = errors.at('spec');
  const { type = '', limited, exempt } = spec ?? {};
  const isExempt = type === 'Exempt';
  if ((metadata.name === 'exempt') !== isExempt)
    if (type !== '' || metadata.name === 'exempt')
      at.at('type').invalid(type, "type must be 'Exempt' if and only if name is 'exempt'");
  if (isExempt) {
    if (limited !== undefined) at.at('limited').forbidden('must be nil if the type is not Limited');
    if (exempt !== undefined) validatePercent(exempt.lendablePercent, at.at('exempt').at('lendablePercent'));
  } else if (type === 'Limited') {
    if (exempt !== undefined) at.at('exempt').forbidden('must be nil if the type is Limited');
    if (limited === undefined) at.at('limited').required('must not be empty when type is Limited');
    else validateLimited(limited, at.at('limited'));
  } else at.at('type').notSupported(type, ['Exempt', 'Limited']);
  const fixed = mandatoryPriorityLevels.get(metadata.name);
  if (fixed !== undefined && !equal(metadata.name === 'exempt' ? { ...fixed, exempt } : fixed, spec))
    at.invalid(spec, `spec of '${metadata.name}' must equal the fixed value`);
}

function validatePercent(percent: number | undefined, errors: FieldErrors): void {
  if (percent !== undefined && (percent < 0 || percent > 100))
    errors.invalid(percent, 'must be between 0 and 100, inclusive');
}

const mostQueues = 10_000_000;
/** shufflesharding.MaxHashBits. */
const hashBits = 60;

function validateLimited(limited: LimitedPriorityLevel, errors: FieldErrors): void {
  const { nominalConcurrencyShares: shares = 0, limitResponse, borrowingLimitPercent } = limited;
  if (shares < 0) errors.at('nominalConcurrencyShares').invalid(shares, 'must be a non-negative integer');
  const at = errors.at('limitResponse');
  const { type = '', queuing } = limitResponse ?? {};
  if (type === 'Reject') {
    if (queuing !== undefined) at.at('queuing').forbidden('must be nil if limited.limitResponse.type is not Limited');
  } else if (type === 'Queue') {
    if (queuing === undefined) at.at('queuing').required('must not be empty if limited.limitResponse.type is Limited');
    else validateQueuing(queuing, at.at('queuing'));
  } else at.at('type').notSupported(type, ['Queue', 'Reject']);
  validatePercent(limited.lendablePercent, errors.at('lendablePercent'));
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0)
    errors.at('borrowingLimitPercent').invalid(borrowingLimitPercent, 'if specified, must be a non-negative integer');
}

function validateQueuing({ queues: count, handSize, queueLengthLimit }: Queuing, errors: FieldErrors): void {
  if (queueLengthLimit <= 0) errors.at('queueLengthLimit').invalid(queueLengthLimit, 'must be positive');
  if (count <= 0) errors.at('queues').invalid(count, 'must be positive');
  else if (count > mostQueues) errors.at('queues').invalid(count, `must not be greater than ${mostQueues}`);
  const hand = errors.at('handSize');
  if (handSize <= 0) hand.invalid(handSize, 'must be positive');
  else if (handSize > count) hand.invalid(handSize, `should not be greater than queues (${count})`);
  else if (Math.ceil(Math.log2(count) * handSize) > hashBits)
    hand.invalid(
      handSize,
      `required entropy bits of deckSize ${count} and handSize ${handSize} should not be greater than ${hashBits}`,
    );
}
