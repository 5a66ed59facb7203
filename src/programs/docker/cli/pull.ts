import { decode } from '../../../linux/io/bytes';
import type { Process } from '../../../linux/process/types';
import { parseReference, withDefaultTag, type Reference } from '../../../containers/images/reference';
import { query, type Api } from './api';
import { CommandError } from './command';
import { humanSize } from './format';
import { authHeader } from './registry-auth';
import type { Reader } from './streams';
import { isTerminal } from './streams';

interface Message {
  readonly status?: string;
  readonly stream?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number; readonly hidecounts?: boolean };
  readonly error?: string;
  /** For programs: a push tells the digest. */
  readonly aux?: unknown;
}

/** Takes a reference apart, or fails with the CLI's message. */
export function referenceOf(text: string): Reference {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new CommandError(parsed.error);
  return parsed.value;
}

/** POST /images/create, its progress shown on `fd` (undefined: not at all). */
export async function pullImage(
  process: Process,
  api: Api,
  reference: Reference,
  fd: 1 | 2 | undefined,
  { platform, allTags = false }: { readonly platform?: string | undefined; readonly allTags?: boolean } = {},
): Promise<void> {
  const { domain, path, tag, digest } = allTags ? reference : withDefaultTag(reference);
  const params = query({ fromImage: `${domain}/${path}`, tag: digest ?? tag, platform });
  const header = authHeader(api.session.config, domain);
  const response = await api.stream('POST', `/images/create${params}`, undefined, header);
  await showMessages(process, response.body, fd);
}

/** JSON messages of a pull, push or build (pkg/jsonmessage). `lines` are those that a terminal shows already. */
export async function showMessages(
  process: Process,
  from: Pick<Reader, 'read'>,
  fd: 1 | 2 | undefined,
  lines = new Map<string, number>(),
): Promise<void> {
  const terminal = fd !== undefined && isTerminal(process, fd);
  const write = async (text: string): Promise<void> => {
    if (fd !== undefined) await (fd === 1 ? process.stdout : process.stderr).write(text);
  };
  let rest = '';
  for (;;) {
    const bytes = await from.read();
    if (bytes === undefined) break;
    rest += decode(bytes);
    const whole = rest.split('\n');
    rest = whole.pop() ?? '';
    for (const line of whole) {
      if (line.trim() === '') continue;
      const message = JSON.parse(line) as Message;
      if (message.aux !== undefined) continue;
      if (message.error !== undefined) throw new CommandError(message.error);
      if (!terminal) {
        const { current = 0, total = 0 } = message.progressDetail ?? {};
        if (current <= 0 && total <= 0) await write(plain(message));
        continue;
      }
      const { id, progressDetail } = message;
      if (id === undefined || progressDetail === undefined) {
        lines.clear();
        await write(plain(message));
        continue;
      }
      let text = '';
      let at = lines.get(id);
      if (at === undefined) {
        at = lines.size;
        lines.set(id, at);
        text += '\n';
      }
      const up = lines.size - at;
      const progress = bar(progressDetail, process.tty?.size.columns ?? 200);
      await write(`${text}\x1b[${up}A\x1b[2K\r${id}: ${message.status ?? ''} ${progress}\r\x1b[${up}B`);
    }
  }
}

const plain = ({ id, status, stream }: Message): string =>
  stream ?? `${id === undefined ? '' : `${id}: `}${status ?? ''}\n`;

function bar(
  { current = 0, total = 0, hidecounts = false }: NonNullable<Message['progressDetail']>,
  columns: number,
): string {
  if (current <= 0 && total <= 0) return '';
  const numbers = hidecounts ? '' : `${humanSize(current).padStart(8)}/${humanSize(total)}`;
  if (columns <= 110) return numbers;
  const percent = Math.min(50, Math.floor((current / total) * 50));
  return `[${'='.repeat(percent)}>${' '.repeat(50 - percent)}] ${numbers}`;
}
