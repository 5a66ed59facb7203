import type { Request, Response } from '../../../linux/net/http/message';
import type { Process } from '../../../linux/process/types';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** A line of the error log: `2026/11/21 02:46:45 [notice] 1#1: start worker processes`. */
export function errorLine(process: Process, level: 'notice' | 'emerg' | 'error', text: string): string {
  const at = new Date(process.clock.now).toISOString();
  return `${at.slice(0, 10).replaceAll('-', '/')} ${at.slice(11, 19)} [${level}] ${process.pid}#${process.pid}: ${text}\n`;
}

/** A line in the `main` format of the packaged nginx.conf. */
export function accessLine(process: Process, remote: string, request: Request, response: Response): string {
  const at = new Date(process.clock.now);
  const date = `${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
  const field = (name: string): string => request.headers.get(name) ?? '-';
  const sent = request.method === 'HEAD' || !(response.body instanceof Uint8Array) ? 0 : response.body.length;
  const line = `${request.method} ${request.url} HTTP/1.1`;
  return `${remote} - - [${date}:${time}] "${line}" ${response.status} ${sent} "${field('Referer')}" "${field('User-Agent')}" "${field('X-Forwarded-For')}"\n`;
}

/** Opens a log file for appending; /dev/stdout and /dev/stderr are what they point to. */
export function openLog(process: Process, path: string): (line: string) => void {
  const opened = process.fs.open(path, { write: true, append: true, create: true, mode: 0o644 });
  if (!opened.ok) return () => undefined;
  const fd = process.fds.install(opened.value, 3);
  const writer = process.fds.writer(fd);
  return (line) => void writer.write(line);
}
