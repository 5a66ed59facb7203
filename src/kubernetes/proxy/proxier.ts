import type { NetfilterAdmin } from '../../linux/net/types';
import type { Clock, Timer } from '../../sim/clock';
import type { Trace } from '../../sim/trace';
import type { ProxyRules } from './proxy-rules';
import { jumps, type RuleSet } from './restore';

export interface ProxierOptions {
  readonly rules: ProxyRules;
  readonly netfilter: NetfilterAdmin;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log?: (line: string) => void;
}

/** iptables.minSyncPeriod, milliseconds: changes that come faster are gathered (pkg/proxy/apis/config/v1alpha1/defaults.go). */
const MIN_SYNC_PERIOD = 1000;
/** How long after the first change of a quiet time rules are written: the watch and the runner's goroutine. */
const PROMPT = 5;

/** kube-proxy in iptables mode on one node. Upstream: pkg/proxy/iptables/proxier.go. The result stops it; rules stay. */
export function runProxier({ rules, netfilter, nodeName, clock, trace, log }: ProxierOptions): () => void {
  let applied: RuleSet | undefined;
  let last = -Infinity;
  let timer: Timer | undefined;
  let cause = 0;

  const sync = (): void => {
    timer = undefined;
    last = clock.now;
    if (applied === undefined) installJumps(netfilter);
    const next = rules.ruleSet(nodeName);
    if (next === applied) return;
    const text = rules.text(next, applied);
    trace.within(cause, () => {
      const result = netfilter.restore(text, { noflush: true });
      if (result.ok) {
        applied = next;
        trace.record(`kube-proxy@${nodeName}`, 'iptables-restore', 'nat', { lines: text.split('\n').length });
      } else {
        log?.(`"Failed to execute iptables-restore" err="${result.message}"`);
      }
    });
  };

  const stop = rules.onChange(() => {
    cause = trace.current;
    timer ??= clock.setTimer(Math.max(PROMPT, last + MIN_SYNC_PERIOD - clock.now), sync);
  });
  timer = clock.setTimer(PROMPT, sync);
  return () => {
    stop();
    if (timer !== undefined) clock.cancel(timer);
  };
}

/** Chains and the jumps to them, each put before what is there; a rule that exists already is left where it is. */
function installJumps(netfilter: NetfilterAdmin): void {
  const canary = ['mangle', 'nat', 'filter'].map((table) => ['-t', table, '-N', 'KUBE-PROXY-CANARY']);
  for (const command of canary) netfilter.command(command);
  for (const { table, chain, rule } of jumps) {
    const words = split(rule);
    const target = words.at(-1) ?? '';
    netfilter.command(['-t', table, '-N', target]);
    if (netfilter.command(['-t', table, '-C', chain, ...words]).code !== 0) {
      netfilter.command(['-t', table, '-I', chain, ...words]);
    }
  }
}

/** Words of a rule as iptables-restore reads them: quotes keep blanks together. */
const split = (rule: string): readonly string[] =>
  [...rule.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
