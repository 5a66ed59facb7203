import { parseDate } from '../toolkit/date-parse';
import { zoneOf } from '../toolkit/zone';
import { quote, quoteaf } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** touch(1). */
export const touch = tool(
  {
    name: 'touch',
    usage: '[OPTION]... FILE...',
    about: 'Update the access and modification times of each FILE to the current time.',
    short: 'acd:fhmr:t:',
    long: {
      'no-create': 'c',
      'date:': 'd',
      'no-dereference': 'h',
      'reference:': 'r',
      'time:': 'time',
    },
  },
  async (tool) => {
    const { options, fs, process } = tool;
    const { now } = process.clock;
    let atime = now;
    let mtime = now;
    const reference = options.value('r');
    if (reference !== undefined) {
      const stat = fs.stat(reference);
      if (!stat.ok) return tool.fail(`failed to get attributes of ${quoteaf(reference)}: ${stat.error.message}`);
      ({ atime, mtime } = stat.value);
    }
    const given = options.value('d');
    if (given !== undefined) {
      atime = mtime = parseDate(given, now, zoneOf(process.env.get('TZ')));
      if (Number.isNaN(mtime)) return tool.fail(`invalid date format ${quote(given)}`);
    }
    const stamp = options.value('t');
    if (stamp !== undefined) {
      atime = mtime = parseStamp(stamp, now);
      if (Number.isNaN(mtime)) return tool.fail(`invalid date format ${quote(stamp)}`);
    }
    if (tool.operands.length === 0) return tool.usageError('missing file operand');
    const onlyAccess = options.has('a') || /^a/.test(options.value('time') ?? '');
    const onlyModify = options.has('m') || /^m/.test(options.value('time') ?? '');
    for (const path of tool.operands) {
      if (options.has('h') && fs.readlink(path).ok) continue;
      const stat = fs.stat(path);
      if (!stat.ok) {
        if (stat.error.code === 'ENOENT' && options.has('c')) continue;
        const made = fs.open(path, { write: true, create: true });
        if (!made.ok) {
          await tool.error(`cannot touch ${quoteaf(path)}: ${made.error.message}`);
          continue;
        }
        made.value.retain();
        made.value.release();
        if (mtime === now && atime === now) continue;
      }
      const before = stat.ok ? stat.value : { atime, mtime };
      const set = fs.utimes(
        path,
        onlyModify && !onlyAccess ? before.atime : atime,
        onlyAccess && !onlyModify ? before.mtime : mtime,
      );
      if (!set.ok) await tool.error(`setting times of ${quoteaf(path)}: ${set.error.message}`);
    }
    return tool.status;
  },
);

/** `[[CC]YY]MMDDhhmm[.ss]`. */
function parseStamp(stamp: string, now: number): number {
  const match = /^(\d{2})?(\d{2})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(stamp);
  if (match === null) return NaN;
  const [, century, year, month, day, hours, minutes, seconds = '0'] = match;
  const short = year ?? century;
  const full =
    year !== undefined && century !== undefined
      ? Number(century + year)
      : short !== undefined
        ? Number(short) + (Number(short) < 69 ? 2000 : 1900)
        : new Date(now).getUTCFullYear();
  return Date.UTC(full, Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds));
}
