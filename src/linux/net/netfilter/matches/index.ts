import type { MatchExtension } from '../extension';
import { addrtype } from './addrtype';
import { comment } from './comment';
import { conntrack, state } from './conntrack';
import { icmp } from './icmp';
import { limit } from './limit';
import { connmark, mark } from './mark';
import { multiport } from './multiport';
import { nfacct } from './nfacct';
import { physdev } from './physdev';
import { tcp, udp } from './ports';
import { recent } from './recent';
import { statistic } from './statistic';

/** Match modules by the name `-m` takes. */
export const matches: ReadonlyMap<string, MatchExtension> = new Map(
  [
    addrtype,
    comment,
    connmark,
    conntrack,
    icmp,
    limit,
    mark,
    multiport,
    nfacct,
    physdev,
    recent,
    state,
    statistic,
    tcp,
    udp,
  ].map((extension) => [extension.name, extension]),
);
