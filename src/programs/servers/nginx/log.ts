import type { Process } from '../../../linux/process/types';
import type { Exchange } from './exchange';
import { fill, variable } from './variables';

/** From the chattiest to the gravest. */
export const levels: readonly string[] = 'debug info notice warn error crit alert emerg'.split(' ');

/** A line of the error log: `2026/11/21 02:46:45 [notice] 1#1: start worker processes`. */
export function errorLine(process: Process, level: string, text: string, pid = process.pid): string {
  const at = new Date(process.clock.now).toISOString();
  return `${at.slice(0, 10).replaceAll('-', '/')} ${at.slice(11, 19)} [${level}] ${pid}#${pid}: ${text}\n`;
}

/** The writer of a log file, opened at its first line; /dev/stdout and /dev/stderr are what they point to. */
export function appendTo(
  process: Process,
  open: Map<string, (line: string) => void>,
  path: string,
  prefix: string,
): (line: string) => void {
  let writer = open.get(path);
  if (writer === undefined) {
    writer = path === 'stderr' ? (line) => void process.stderr.write(line) : openLog(process, absolute(path, prefix));
    open.set(path, writer);
  }
  return writer;
}

const absolute = (path: string, prefix: string): string => (path.startsWith('/') ? path : `${prefix}/${path}`);

function openLog(process: Process, path: string): (line: string) => void {
  if (path === '/dev/null' || path.startsWith('syslog:')) return () => undefined;
  const opened = process.fs.open(path, { write: true, append: true, create: true, mode: 0o644 });
  if (!opened.ok) return () => undefined;
  const fd = process.fds.install(opened.value, 3);
  const writer = process.fds.writer(fd);
  return (line) => void writer.write(line);
}

/** Writes the request into the access logs that hold for it (ngx_http_log_handler). */
export function logAccess(exchange: Exchange): void {
  const { scope, instance } = exchange;
  const logs = scope.all('access_log');
  if (logs.length === 0) {
    instance.write('/var/log/nginx/access.log', `${logLine('combined', exchange)}\n`);
    return;
  }
  for (const { args } of logs) {
    const [path = '', ...rest] = args;
    if (path === 'off') return;
    const condition = rest.find((word) => word.startsWith('if='));
    if (condition !== undefined && ['', '0'].includes(fill(condition.slice(3), exchange))) continue;
    const format = rest.find((word) => !word.includes('=')) ?? 'combined';
    instance.write(fill(path, exchange), `${logLine(format, exchange)}\n`);
  }
}

/** Control characters, quotes and bytes above 126 as `\xHH`. */
const escaped = (text: string): string =>
  text.replace(
    /["\\\u0000-\u001f\u007f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

function logLine(name: string, exchange: Exchange): string {
  const format = exchange.instance.http.formats.get(name) ?? '';
  return format.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string | undefined, plain: string | undefined) => {
    const value = variable(braced ?? plain ?? '', exchange);
    return value === undefined || (value === '' && (braced ?? plain ?? '').startsWith('http_')) ? '-' : escaped(value);
  });
}
