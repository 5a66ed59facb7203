import { listenAndServe, textResponse, type ServeOptions } from '../../linux/net/http/server';
import { createCa } from '../../linux/net/tls/certificate';
import type { Process } from '../../linux/process/types';
import type { Service } from './control-plane';

/** `--name=value` flags of a command line. */
export function flagsOf(args: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (const [index, arg] of args.entries()) {
    const match = /^--?([\w-]+)(?:=(.*))?$/s.exec(arg);
    if (match?.[1] === undefined) continue;
    const next = args[index + 1];
    flags.set(match[1], match[2] ?? (next === undefined || next.startsWith('-') ? 'true' : next));
  }
  return flags;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A flag's `1h30m0s` in milliseconds. */
export function durationOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^([\d.]+(ms|s|m|h))+$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit = ''] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) sum += Number(amount) * (units[unit] ?? 0);
  return sum;
}

/** A line as klog prints it: `I1121 02:20:10.526379       1 main.go:215] …`. */
export function klog(process: Process, place: string, text: string, severity: 'I' | 'W' | 'E' = 'I'): void {
  const at = new Date(process.clock.now).toISOString();
  const stamp = `${at.slice(5, 7)}${at.slice(8, 10)} ${at.slice(11, 23)}000`;
  void process.stderr.write(`${severity}${stamp} ${String(process.pid).padStart(7)} ${place}] ${text}\n`);
}

/** How often a client tries again while a server is away, as client-go's reflectors do at first. Milliseconds. */
const RETRY = 1000;

/** Waits until a service is there, saying so as clients do. */
export async function reach(process: Process, service: Service, refused: string): Promise<void> {
  while (!service.up) {
    klog(process, 'reflector.go:200', refused, 'E');
    await process.block<void>((wake) => {
      const stop = service.onUp(wake);
      const timer = process.clock.setTimer(RETRY, wake, { background: true });
      return () => {
        stop();
        process.clock.cancel(timer);
      };
    });
  }
}

export interface HealthEndpoint {
  readonly address: string;
  readonly port: number;
  /** With a certificate of its own making, as components without one serve (`--cert-dir`). */
  readonly tls?: boolean;
}

/** Answers `ok` on health paths. */
export function serveHealth(process: Process, { tls = false, ...at }: HealthEndpoint): void {
  const options = tls ? { tls: selfSigned(process) } : {};
  listenAndServe(process, process.net.listen(process, at), async () => textResponse(200, 'ok'), options);
}

/** What a component serves with that was given nothing. */
export function selfSigned(process: Process): NonNullable<ServeOptions['tls']> {
  const { certificate, key } = createCa({
    subject: { commonName: `${process.host.name}@${Math.floor(process.clock.now / 1000)}` },
    random: process.random.fork(`certificate ${process.pid}`),
    now: process.clock.now,
    sans: [process.host.name],
    ca: false,
  });
  return { chain: [certificate], key, now: () => process.clock.now };
}

/** Runs until SIGTERM or SIGINT. */
export async function untilTerminated(process: Process): Promise<number> {
  await process.block<void>((wake) => {
    const restore = [process.signals.handle('SIGTERM', () => wake()), process.signals.handle('SIGINT', () => wake())];
    return () => restore.forEach((undo) => undo());
  });
  return 0;
}
