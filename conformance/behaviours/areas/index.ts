import type { Behaviours } from '../framework';
import { aggregatedDiscovery, discovery } from './discovery';
import { events } from './events';
import { flowcontrol } from './flowcontrol';
import { garbage } from './garbage';
import { accounts, certificates, subjectReviews } from './identity';
import { namespaces } from './namespaces';
import { policies } from './policies';
import { quota } from './quota';
import { chunking, nodes, tables, version } from './reading';
import { watchers } from './watchers';

/** Each in a cluster of its own. */
export const areas: readonly Behaviours[] = [
  namespaces,
  watchers,
  { ...chunking, ...tables, ...version, ...nodes },
  { ...aggregatedDiscovery, ...discovery, ...flowcontrol, ...policies },
  { ...events, ...accounts, ...subjectReviews, ...certificates },
  quota,
  garbage,
];

/** Why a behaviour is not tried. */
export const reasons: Readonly<Partial<Record<string, string>>> = {};
