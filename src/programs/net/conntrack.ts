import type { FlowView } from '../../linux/net/types';
import type { Process } from '../../linux/process/types';
import { parseOptions } from './options';

const version = 'conntrack v1.4.7 (conntrack-tools)';

/** conntrack(8): the table of flows of this network namespace. */
export async function conntrack(process: Process): Promise<number> {
  const parsed = parseOptions(process.args, {
    flags: 'L/dump D/delete F/flush C/count S/stats E/event n/any-nat g/src-nat V/version h/help',
    values:
      's/src/orig-src d/dst/orig-dst p/proto f/family o/output sport/orig-port-src dport/orig-port-dst r/reply-src q/reply-dst m/mark state/u',
  });
  const { netfilter } = process.net;
  if (parsed.has('V')) {
    await process.stdout.write(`${version}\n`);
    return 0;
  }
  if (parsed.error !== undefined || !parsed.has('L', 'D', 'F', 'C', 'S', 'E')) {
    await process.stderr.write(
      `${version}: Bad parameter\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`,
    );
    return 2;
  }
  if (!process.capable('NET_ADMIN')) {
    await process.stderr.write(
      `${version}: Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\n`,
    );
    return 1;
  }
  if (parsed.has('E')) {
    await process.stderr.write(`${version}: events are not available here\n`);
    return 1;
  }
  const value = (name: string): string | undefined => parsed.value(name);
  const fits = (flow: FlowView): boolean =>
    (value('s') ?? flow.source) === flow.source &&
    (value('d') ?? flow.destination) === flow.destination &&
    (value('p') ?? flow.protocol) === flow.protocol &&
    Number(value('sport') ?? flow.sourcePort) === flow.sourcePort &&
    Number(value('dport') ?? flow.destinationPort) === flow.destinationPort &&
    (value('r') ?? flow.replySource) === flow.replySource &&
    (value('q') ?? flow.replyDestination) === flow.replyDestination;
  const said = (count: number, what: string): string => `${version}: ${count} flow entries have been ${what}.\n`;
  if (parsed.has('C')) await process.stdout.write(`${netfilter.conntrack().length}\n`);
  else if (parsed.has('S'))
    await process.stdout.write(
      'cpu=0   \tfound=0 invalid=0 insert=0 insert_failed=0 drop=0 early_drop=0 error=0 search_restart=0 \n',
    );
  else if (parsed.has('F')) {
    netfilter.deleteConntrack(() => true);
    await process.stderr.write(`${version}: connection tracking table has been emptied.\n`);
  } else if (parsed.has('D')) {
    const count = netfilter.deleteConntrack(fits);
    await process.stderr.write(said(count, 'deleted'));
    return count === 0 ? 1 : 0;
  } else {
    const lines = netfilter.conntrack().filter((line) => matches(line, value));
    await process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    await process.stderr.write(said(lines.length, 'shown'));
  }
  return 0;
}

/** Whether a line of the list is one of a flow that is asked for. */
function matches(line: string, value: (name: string) => string | undefined): boolean {
  const all = (name: string): readonly string[] =>
    [...line.matchAll(new RegExp(`\\b${name}=(\\S+)`, 'g'))].map((found) => found[1] ?? '');
  const wanted: readonly (readonly [string | undefined, string | undefined])[] = [
    [value('s'), all('src')[0]],
    [value('d'), all('dst')[0]],
    [value('r'), all('src')[1]],
    [value('q'), all('dst')[1]],
    [value('sport'), all('sport')[0]],
    [value('dport'), all('dport')[0]],
    [value('p'), line.split(/\s+/)[0]],
  ];
  return (
    wanted.every(([asked, is]) => asked === undefined || asked === is) &&
    (value('state') === undefined || line.includes(` ${value('state') ?? ''} `))
  );
}
