import { Lines } from '../toolkit/lines';
import { quotef } from '../toolkit/quote';
import type { Tool } from '../toolkit/tool';
import { hash, type Algorithm } from './digest';

interface Entry {
  readonly path: string;
  readonly digest: string;
  readonly algorithm: Algorithm;
  readonly bits: number;
}

/** One line of a list of checksums, in either form; undefined if it is none. */
function entryOf(line: string, candidates: readonly Algorithm[]): Entry | undefined {
  const escaped = line.startsWith('\\');
  const text = escaped ? line.slice(1) : line;
  const unescape = (path: string): string =>
    escaped ? path.replace(/\\([nr\\])/g, (_, char: string) => ({ n: '\n', r: '\r' })[char] ?? '\\') : path;
  const tagged = /^([A-Za-z0-9]+)(?:-(\d+))? \((.*)\) = ([0-9a-fA-F]+)$/.exec(text);
  if (tagged !== null) {
    const algorithm = candidates.find(({ title }) => title === tagged[1]);
    if (algorithm === undefined) return undefined;
    const bits = Number(tagged[2] ?? algorithm.bits);
    const [, , , path = '', digest = ''] = tagged;
    return digest.length * 4 === bits ? { path: unescape(path), digest, algorithm, bits } : undefined;
  }
  const plain = /^\s*([0-9a-fA-F]+) [ *](.+)$/s.exec(text);
  if (plain === null || candidates.length !== 1) return undefined;
  const [, digest = '', path = ''] = plain;
  const bits = digest.length * 4;
  const algorithm = candidates.find(({ bits: own, title }) => own === bits || (title === 'BLAKE2b' && bits <= own));
  return algorithm === undefined ? undefined : { path: unescape(path), digest, algorithm, bits };
}

/** `-c`: checks what a list says. */
export async function check(tool: Tool, path: string, candidates: readonly Algorithm[]): Promise<void> {
  const { options, out } = tool;
  const input = tool.open(path);
  if (!input.ok) return tool.fileError(path, input.error);
  const shown = path === '-' ? "'standard input'" : quotef(path);
  const status = options.has('status');
  const counts = { good: 0, wrong: 0, failed: 0, unread: 0 };
  let number = 0;
  for (const line of await new Lines(input.value.reader).all()) {
    number++;
    if (line.startsWith('#')) continue;
    const entry = entryOf(line, candidates);
    if (entry === undefined) {
      counts.wrong++;
      if (options.has('w')) {
        const title = candidates.length === 1 ? `${candidates[0]?.title ?? ''} ` : '';
        await out.flush();
        await tool.error(
          `${path === '-' ? "'standard input'" : path}: ${number}: improperly formatted ${title}checksum line`,
          0,
        );
      }
      continue;
    }
    const opened = tool.open(entry.path);
    if (!opened.ok) {
      if (options.has('ignore-missing') && opened.error.code === 'ENOENT') continue;
      counts.unread++;
      await out.flush();
      await tool.fileError(entry.path, opened.error);
      if (!status) await out.line(`${quotef(entry.path)}: FAILED open or read`);
      continue;
    }
    const same = (await hash(opened.value, entry.algorithm, entry.bits)) === entry.digest.toLowerCase();
    counts[same ? 'good' : 'failed']++;
    if (!status && !(same && options.has('quiet'))) {
      await out.line(`${quotef(entry.path)}: ${same ? 'OK' : 'FAILED'}`);
    }
  }
  input.value.close();
  await out.flush();
  const listed = counts.good + counts.failed + counts.unread;
  if (listed === 0 && !(options.has('ignore-missing') && number > counts.wrong)) {
    const kind = candidates.length === 1 ? `${candidates[0]?.title ?? ''} ` : '';
    await tool.error(`${shown}: no properly formatted ${kind.replace(/^\w+ $/, '')}checksum lines found`);
    return;
  }
  const warn = async (count: number, one: string, many: string, code: number): Promise<void> => {
    if (count > 0) await tool.error(`WARNING: ${count} ${count === 1 ? one : many}`, code);
  };
  if (status) {
    if (counts.failed > 0 || counts.unread > 0) tool.status = 1;
  } else {
    const strict = options.has('strict') ? 1 : 0;
    await warn(counts.wrong, 'line is improperly formatted', 'lines are improperly formatted', strict);
    await warn(counts.unread, 'listed file could not be read', 'listed files could not be read', 1);
    if (tool.dialect !== undefined && counts.failed > 0)
      return tool.error(`WARNING: ${counts.failed} of ${listed} computed checksums did NOT match`);
    await warn(counts.failed, 'computed checksum did NOT match', 'computed checksums did NOT match', 1);
  }
  if (options.has('ignore-missing') && counts.good + counts.failed + counts.unread === 0) {
    await tool.error(`${shown}: no file was verified`);
  }
}
