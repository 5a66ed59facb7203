import type { Behaviours } from '../framework';
import { definitions } from './definitions';
import { aggregatedDiscovery, discovery } from './discovery';
import { events } from './events';
import { fieldValidation } from './fields';
import { flowcontrol } from './flowcontrol';
import { garbage } from './garbage';
import { accounts, certificates, subjectReviews } from './identity';
import { namespaces } from './namespaces';
import { policies } from './policies';
import { openapi } from './published';
import { quota } from './quota';
import { chunking, nodes, tables, version } from './reading';
import { watchers } from './watchers';
import { webhooks } from './webhooks';

/** Each in a cluster of its own. */
export const areas: readonly Behaviours[] = [
  namespaces,
  watchers,
  { ...chunking, ...tables, ...version, ...nodes },
  { ...aggregatedDiscovery, ...discovery, ...flowcontrol, ...policies },
  { ...events, ...accounts, ...subjectReviews, ...certificates },
  { ...definitions, ...fieldValidation, ...openapi },
  quota,
  webhooks,
  garbage,
];

/** Why a behaviour is not tried. */
export const reasons: Readonly<Partial<Record<string, string>>> = {};
