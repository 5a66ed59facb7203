import { gaiText, resolve, resolveAddress } from '../../linux/net/dns/resolve';
import { isIpv4 } from '../../linux/net/dns/config';
import type { EchoReply, Ipv4 } from '../../linux/net/types';
import type { Process, Program } from '../../linux/process/types';
import { parseOptions } from './options';

interface Plan {
  readonly name: string;
  readonly address: Ipv4;
  readonly count: number;
  readonly size: number;
  /** Milliseconds between requests, to wait for each, and for all. */
  readonly interval: number;
  readonly wait: number;
  readonly deadline: number;
  readonly quiet: boolean;
  readonly ttl: number | undefined;
}

interface Tally {
  sent: number;
  received: number;
  errors: number;
  readonly times: number[];
  readonly started: number;
}

/** The two flavours' words. */
interface Flavour {
  begin(plan: Plan, process: Process): string;
  reply(plan: Plan, sequence: number, reply: EchoReply, name: string): string | undefined;
  summary(plan: Plan, tally: Tally, now: number): string;
}

/** Sends echo requests until count, deadline or ^C. */
async function run(process: Process, plan: Plan, flavour: Flavour, shownName: string): Promise<number> {
  const { stdout, clock, net } = process;
  const tally: Tally = { sent: 0, received: 0, errors: 0, times: [], started: clock.now };
  let stopped = false;
  const restore = process.signals.handle('SIGINT', () => (stopped = true));
  await stdout.write(flavour.begin(plan, process));
  // Only alpine's busybox tries an ICMP socket where it may have no raw one.
  if (flavour === busybox && !process.capable('NET_RAW') && !process.fs.stat('/etc/alpine-release').ok) {
    await process.stderr.write('ping: permission denied (are you root?)\n');
    return 1;
  }
  const identifier = process.pid & 0xffff;
  for (let sequence = 0; sequence < plan.count && !stopped; sequence++) {
    const left = tally.started + plan.deadline - clock.now;
    if (left <= 0) break;
    const started = clock.now;
    tally.sent++;
    const last = sequence + 1 === plan.count;
    const echo = await net.echo(process, plan.address, {
      identifier,
      sequence,
      size: plan.size,
      // Before the last one the next request does not wait for an answer that is late.
      timeout: Math.min(last ? plan.wait : Math.min(plan.wait, plan.interval), left),
      ...(plan.ttl === undefined ? {} : { ttl: plan.ttl }),
    });
    if (echo.ok) {
      if (echo.value.kind === 'reply') {
        tally.received++;
        tally.times.push(echo.value.time);
      } else tally.errors++;
      const line = plan.quiet ? undefined : flavour.reply(plan, sequence, echo.value, shownName);
      if (line !== undefined) await stdout.write(line);
    } else if (echo.error.code === 'ENETUNREACH' || echo.error.code === 'EACCES' || echo.error.code === 'EPERM') {
      const message = echo.error.code === 'ENETUNREACH' ? echo.error.message : 'Operation not permitted';
      await process.stderr.write(`ping: ${flavour === busybox ? 'sendto' : 'sendmsg'}: ${message}\n`);
      if (flavour === busybox) return 1;
    }
    if (stopped || last) break;
    const rest = plan.interval - (clock.now - started);
    if (rest > 0) await process.sleep(Math.min(rest, Math.max(0, tally.started + plan.deadline - clock.now)));
  }
  restore();
  await stdout.write(flavour.summary(plan, tally, clock.now));
  return tally.received > 0 ? 0 : 1;
}

const unreachable: Readonly<Record<number, string>> = {
  0: 'Destination Net Unreachable',
  1: 'Destination Host Unreachable',
  3: 'Destination Port Unreachable',
  9: 'Destination Net Prohibited',
  10: 'Destination Host Prohibited',
  13: 'Packet filtered',
};

const loss = ({ sent, received }: Tally): number => (sent === 0 ? 0 : Math.round(((sent - received) * 100) / sent));
/** iputils shows three digits where there are any to show. */
const short = (time: number): string =>
  time < 1 ? time.toFixed(3) : time < 10 ? time.toFixed(2) : time < 100 ? time.toFixed(1) : time.toFixed(0);

const iputils: Flavour = {
  begin: ({ name, address, size }) => `PING ${name} (${address}) ${size}(${size + 28}) bytes of data.\n`,
  reply: (_plan, sequence, { kind, from, ttl, bytes, time, code }, name) => {
    if (kind === 'reply')
      return `${bytes} bytes from ${name}: icmp_seq=${sequence + 1} ttl=${ttl} time=${short(time)} ms\n`;
    const what =
      kind === 'exceeded' ? 'Time to live exceeded' : (unreachable[code] ?? `Dest Unreachable, Bad Code: ${code}`);
    return `From ${from} icmp_seq=${sequence + 1} ${what}\n`;
  },
  summary: ({ name }, tally, now) => {
    const { sent, received, errors, times } = tally;
    const failed = errors === 0 ? '' : `, +${errors} errors`;
    const head = `\n--- ${name} ping statistics ---\n${sent} packets transmitted, ${received} received${failed}, ${loss(tally)}% packet loss, time ${Math.round(now - tally.started)}ms\n`;
    if (times.length === 0) return `${head}\n`;
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    const deviation = Math.sqrt(
      Math.max(0, times.reduce((sum, time) => sum + time * time, 0) / times.length - mean * mean),
    );
    const figures = [Math.min(...times), mean, Math.max(...times), deviation].map((figure) => figure.toFixed(3));
    return `${head}rtt min/avg/max/mdev = ${figures.join('/')} ms\n`;
  },
};

const busybox: Flavour = {
  begin: ({ name, address, size }) => `PING ${name} (${address}): ${size} data bytes\n`,
  reply: (_plan, sequence, { kind, from, ttl, bytes, time }) =>
    kind === 'reply'
      ? `${bytes} bytes from ${from}: seq=${sequence} ttl=${ttl} time=${time.toFixed(3)} ms\n`
      : undefined,
  summary: ({ name }, tally) => {
    const { sent, received, times } = tally;
    const head = `\n--- ${name} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${loss(tally)}% packet loss\n`;
    if (times.length === 0) return head;
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    return `${head}round-trip min/avg/max = ${Math.min(...times).toFixed(3)}/${mean.toFixed(3)}/${Math.max(...times).toFixed(3)} ms\n`;
  },
};

const make =
  (flavour: Flavour): Program =>
  async (process) => {
    const { stderr } = process;
    const parsed = parseOptions(process.args, {
      flags: 'q 4 6 n v a A b f D O U R d L r B',
      values: 'c s i W w I t M Q m p S T l e',
    });
    const [name] = parsed.operands;
    if (parsed.error || name === undefined) {
      await stderr.write(
        flavour === busybox
          ? 'BusyBox v1.37.0 multi-call binary.\n\nUsage: ping [OPTIONS] HOST\n'
          : `ping: ${parsed.error ? `invalid option -- '${parsed.error.option.slice(1)}'` : 'usage error: Destination address required'}\n`,
      );
      return flavour === busybox ? 1 : 2;
    }
    const found = await resolve(process, name);
    if (!found.ok) {
      await stderr.write(
        flavour === busybox ? `ping: bad address '${name}'\n` : `ping: ${name}: ${gaiText(found.error)}\n`,
      );
      return flavour === busybox ? 1 : 2;
    }
    const address = found.value[0] ?? '';
    const number = (option: string, fallback: number): number => Number(parsed.value(option) ?? fallback);
    const plan: Plan = {
      ...{ name, address, quiet: parsed.has('q'), count: number('c', Infinity), size: number('s', 56) },
      interval: number('i', 1) * 1000,
      wait: number('W', 10) * 1000,
      deadline: number('w', Infinity) * 1000,
      ttl: parsed.has('t') ? number('t', 64) : undefined,
    };
    const reverse =
      isIpv4(name) || parsed.has('n') || flavour === busybox ? undefined : await resolveAddress(process, address);
    const shown = isIpv4(name) || parsed.has('n') ? address : `${reverse ?? address} (${address})`;
    return run(process, plan, flavour, shown);
  };

/** ping(8) of iputils. */
export const ping: Program = make(iputils);
/** busybox ping. */
export const busyboxPing: Program = make(busybox);
