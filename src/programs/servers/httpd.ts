import { encode } from '../../linux/io/bytes';
import { httpDate, serve } from '../../linux/net/http/server';
import { Headers, type Request, type Response } from '../../linux/net/http/message';
import type { Process, Program } from '../../linux/process/types';

const version = 'Apache/2.4.65 (Unix)';
const prefix = '/usr/local/apache2';
const days = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (number: number): string => String(number).padStart(2, '0');

/** Apache httpd as far as its image's own configuration goes: Listen, DocumentRoot, static files, both logs. */
export const apacheHttpd: Program = async (process) => {
  if (process.args.includes('-v')) {
    await process.stdout.write(`Server version: ${version}\nServer built:   Jul 23 2025 19:27:02\n`);
    return 0;
  }
  const path = `${prefix}/conf/httpd.conf`;
  const conf = process.fs.readText(path);
  if (!conf.ok) {
    await process.stderr.write(`httpd: Could not open configuration file ${path}: ${conf.error.message}\n`);
    return 1;
  }
  const value = (name: string): string | undefined =>
    new RegExp(`^\\s*${name}\\s+"?([^"\\n]+?)"?\\s*$`, 'm').exec(conf.value)?.[1];
  const port = Number(value('Listen')?.split(':').at(-1) ?? 80);
  const root = value('DocumentRoot') ?? `${prefix}/htdocs`;
  const index = value('DirectoryIndex')?.split(/\s+/) ?? ['index.html'];
  const listener = process.net.listen(process, { address: '0.0.0.0', port });
  if (!listener.ok) {
    const { number, message } = listener.error;
    await process.stderr.write(
      `(${number})${message}: AH00072: make_sock: could not bind to address 0.0.0.0:${port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`,
    );
    return 1;
  }
  const notice = (module: string, text: string) => process.stderr.write(errorLine(process, module, text));
  await notice('mpm_event', `AH00489: ${version} configured -- resuming normal operations`);
  await notice('core', `AH00094: Command line: 'httpd -D FOREGROUND'`);
  process.thread(() =>
    serve(process, listener.value, async (request, { remote }) => {
      const response = answer(process, request, root, index);
      const size = response.body instanceof Uint8Array && request.method !== 'HEAD' ? response.body.length : 0;
      const line = `${request.method} ${request.url} HTTP/1.1`;
      await process.stdout.write(
        `${remote} - - [${logTime(process.clock.now)}] "${line}" ${response.status} ${size === 0 ? '-' : size}\n`,
      );
      return response;
    }),
  );
  const stopped = await process.block<'SIGTERM' | 'SIGWINCH'>((wake) => {
    const undo = (['SIGTERM', 'SIGWINCH'] as const).map((name) => process.signals.handle(name, () => wake(name)));
    return () => undo.forEach((restore) => restore());
  });
  await (stopped.ok && stopped.value === 'SIGWINCH'
    ? notice('mpm_event', 'AH00492: caught SIGWINCH, shutting down gracefully')
    : notice('mpm_event', 'AH00491: caught SIGTERM, shutting down'));
  return 0;
};

function answer(process: Process, { method, url }: Request, root: string, index: readonly string[]): Response {
  if (method !== 'GET' && method !== 'HEAD')
    return special(process, 405, 'Method Not Allowed', `The requested method ${method} is not allowed for this URL.`);
  const path = pathOf(url);
  if (path === undefined)
    return special(
      process,
      400,
      'Bad Request',
      'Your browser sent a request that this server could not understand.<br />',
    );
  const folder = process.fs.stat(`${root}${path}`);
  const candidates =
    folder.ok && folder.value.type === 'directory' ? index.map((name) => `${path.replace(/\/$/, '')}/${name}`) : [path];
  for (const candidate of candidates) {
    const stat = process.fs.stat(`${root}${candidate}`);
    if (!stat.ok || stat.value.type !== 'file') continue;
    const content = process.fs.readFile(`${root}${candidate}`);
    if (!content.ok) return special(process, 403, 'Forbidden', "You don't have permission to access this resource.");
    return {
      status: 200,
      headers: new Headers({
        Date: httpDate(process.clock.now),
        Server: version,
        'Last-Modified': httpDate(stat.value.mtime),
        ETag: `"${stat.value.size.toString(16)}-${(Math.floor(stat.value.mtime) * 1000).toString(16)}"`,
        'Accept-Ranges': 'bytes',
        'Content-Type': candidate.endsWith('.html')
          ? 'text/html'
          : candidate.endsWith('.txt')
            ? 'text/plain'
            : 'application/octet-stream',
      }),
      body: content.value,
    };
  }
  return special(process, 404, 'Not Found', 'The requested URL was not found on this server.');
}

function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split('?', 1)[0] ?? '/');
    return path.split('/').includes('..') ? undefined : path;
  } catch {
    return undefined;
  }
}

function special(process: Process, status: number, title: string, text: string): Response {
  const page = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text}</p>\n</body></html>\n`;
  return {
    status,
    headers: new Headers({
      Date: httpDate(process.clock.now),
      Server: version,
      'Content-Type': 'text/html; charset=iso-8859-1',
    }),
    body: encode(page),
  };
}

/** `[Fri Nov 21 09:00:00.000000 2025] [mpm_event:notice] [pid 1:tid 1] …`. */
function errorLine({ clock, pid }: Process, module: string, text: string): string {
  const at = new Date(clock.now);
  const date = `${days[at.getUTCDay()] ?? ''} ${months[at.getUTCMonth()] ?? ''} ${two(at.getUTCDate())}`;
  return `[${date} ${at.toISOString().slice(11, 23)}000 ${at.getUTCFullYear()}] [${module}:notice] [pid ${pid}:tid ${pid}] ${text}\n`;
}

function logTime(now: number): string {
  const at = new Date(now);
  return `${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000`;
}
