import { strftime } from '../toolkit/date-format';
import { parseDateTime } from '../toolkit/date-parse';
import { utc, zoneOf } from '../toolkit/zone';
import { Lines } from '../toolkit/lines';
import { quote, quotef } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

const iso: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
};
const rfc3339: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  seconds: '%Y-%m-%d %H:%M:%S%:z',
  ns: '%Y-%m-%d %H:%M:%S.%N%:z',
};

/** date(1), by the virtual clock, in UTC. */
export const date = tool(
  {
    name: 'date',
    usage: '[OPTION]... [+FORMAT]',
    about: 'Display date and time in the given FORMAT.',
    short: 'd:f:I::r:Rs:u',
    long: {
      'date:': 'd',
      'file:': 'f',
      'iso-8601::': 'I',
      'reference:': 'r',
      'rfc-email': 'R',
      'rfc-3339:': 'rfc-3339',
      'set:': 's',
      debug: 'debug',
      utc: 'u',
      universal: 'u',
    },
  },
  async (tool) => {
    const { options, process, fs } = tool;
    const { now } = process.clock;
    const zone = options.has('u') ? utc : zoneOf(process.env.get('TZ'));
    const layouts = options.given.filter(({ name }) => /^(I|R|rfc-3339)$/.test(name)).length;
    if (layouts > 1) return tool.fail('multiple output formats specified');
    const formats = tool.operands.filter((operand) => operand.startsWith('+'));
    const other = tool.operands.find((operand) => !operand.startsWith('+'));
    if (formats.length > 1) return tool.extraOperand(formats[1] ?? '');
    if (other !== undefined && formats.length > 0) return tool.extraOperand(other);
    if (other !== undefined || options.has('s')) {
      if (other !== undefined && !/^\d{8}(\d{2}){0,2}(\.\d{2})?$/.test(other)) {
        return tool.fail(`invalid date ${quote(other)}`);
      }
      // The clock of the simulation is not to be set by a guest.
      return tool.fail('cannot set date: Operation not permitted');
    }
    let format = formats[0]?.slice(1) ?? '%a %b %e %H:%M:%S %Z %Y';
    if (options.has('R')) format = '%a, %d %b %Y %H:%M:%S %z';
    if (options.has('I')) {
      const precision = options.value('I') ?? 'date';
      const found = Object.entries(iso).find(([name]) => name.startsWith(precision));
      if (found === undefined)
        return tool.usageError(`invalid argument ${quote(precision)} for ${quote('--iso-8601')}`);
      format = found[1];
    }
    const stamp = options.value('rfc-3339');
    if (stamp !== undefined) format = Object.entries(rfc3339).find(([name]) => name.startsWith(stamp))?.[1] ?? format;
    const file = options.value('f');
    if (file !== undefined) {
      const input = tool.open(file);
      if (!input.ok) {
        await tool.fileError(file, input.error);
        return 1;
      }
      for (const line of await new Lines(input.value.reader).all()) {
        const at = parseDateTime(line, now, zone);
        if (at === undefined) await tool.error(`invalid date ${quote(line)}`);
        else await tool.out.line(strftime(format, at.ms, at.nanos, zone));
      }
      return tool.status;
    }
    let at = now;
    let nanos = 0;
    const reference = options.value('r');
    if (reference !== undefined) {
      const stat = fs.stat(reference);
      if (!stat.ok) return tool.fail(`${quotef(reference)}: ${stat.error.message}`);
      at = stat.value.mtime;
    }
    const given = options.value('d');
    if (given !== undefined) {
      const parsed = parseDateTime(given, now, zone);
      if (parsed === undefined) return tool.fail(`invalid date ${quote(given)}`);
      ({ ms: at, nanos } = parsed);
    }
    await tool.out.line(strftime(format, at, nanos, zone));
    return 0;
  },
);
