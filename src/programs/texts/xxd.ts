import { decode } from '../../linux/io/bytes';
import { readAll } from '../toolkit/latin1';
import { tool, type Tool } from '../toolkit/tool';

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const printable = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.');
const integer = (text: string | undefined): number | undefined =>
  text === undefined
    ? undefined
    : /^0x/i.test(text)
      ? parseInt(text, 16)
      : /^0\d/.test(text)
        ? parseInt(text, 8)
        : Number(text);

const help = `Usage:
       xxd [options] [infile [outfile]]
    or
       xxd -r [-s [-]offset] [-c cols] [-ps] [infile [outfile]]
Options: -a autoskip, -b bits, -c cols, -d decimal offset, -e little-endian, -g bytes per group,
    -i C include, -l len, -n name, -o offset, -p plain, -r reverse, -s seek, -u upper case, -v version
`;

/** xxd(1) of vim: a dump, and -r back again. Its options are words with one dash. */
export const xxd = tool(
  { name: 'xxd', usage: '[options] [infile [outfile]]', about: 'Make a hexdump or do the reverse.', raw: true },
  async (tool) => {
    const given = new Map<string, string>();
    const files: string[] = [];
    const args = [...tool.operands];
    for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
      if (!arg.startsWith('-') || arg === '-' || files.length > 0) {
        files.push(arg);
        continue;
      }
      const name = /^--?(ps|plain|postscript|[abdeEiprRuvhcglnos])/.exec(arg);
      const letter = name?.[1]?.startsWith('p') === true ? 'p' : (name?.[1] ?? 'h');
      if (name === null || letter === 'h') {
        await tool.process.stderr.write(help);
        return 1;
      }
      const attached = arg.slice(name[0].length);
      given.set(letter, 'cglnosR'.includes(letter) ? attached || (args.shift() ?? '') : attached);
    }
    if (given.has('v')) {
      await tool.process.stderr.write('xxd 2022-01-14 by Juergen Weigert et al.\n');
      return 0;
    }
    const [path = '-', target] = files;
    const input = await readAll(tool, path, async (name, why) => {
      await tool.process.stderr.write(`xxd: ${name}: ${why}\n`);
    });
    if (input === undefined) return 2;
    const result = given.has('r') ? reverse(decode(input), given) : dump(input, given, path);
    if (target === undefined || target === '-') await tool.out.write(result);
    else {
      const written = tool.fs.writeFile(target, result);
      if (!written.ok) return problem(tool, `${target}: ${written.error.message}`);
    }
    return 0;
  },
);

async function problem(tool: Tool, message: string): Promise<number> {
  await tool.process.stderr.write(`xxd: ${message}\n`);
  return 3;
}

function dump(input: Uint8Array, given: ReadonlyMap<string, string>, path: string): string {
  const seek = integer(given.get('s')) ?? 0;
  const start = seek < 0 ? Math.max(0, input.length + seek) : seek;
  const length = integer(given.get('l'));
  const data = input.subarray(start, length === undefined ? undefined : start + length);
  const upper = (text: string): string => (given.has('u') ? text.toUpperCase() : text);
  const columns = integer(given.get('c'));
  if (given.has('p')) {
    const width = columns ?? 30;
    let text = '';
    for (let at = 0; at < data.length; at += width) {
      text += `${upper([...data.subarray(at, at + width)].map((byte) => hex(byte, 2)).join(''))}\n`;
    }
    return text;
  }
  if (given.has('i')) return include(data, given.get('n') ?? path, path === '-', columns ?? 12, upper);
  const bits = given.has('b');
  const little = given.has('e');
  const width = columns ?? (bits ? 6 : 16);
  const group = integer(given.get('g')) ?? (bits ? 1 : little ? 4 : 2);
  const size = bits ? 8 : 2;
  const cell = (byte: number): string => (bits ? byte.toString(2).padStart(8, '0') : upper(hex(byte, 2)));
  const groups = group === 0 ? 0 : Math.ceil(width / group);
  const full = width * size + Math.max(0, groups - (group === 0 ? 0 : 1));
  let text = '';
  for (let at = 0; at < data.length; at += width) {
    const row = [...data.subarray(at, at + width)];
    const cells: string[] = [];
    const step = group === 0 ? width : group;
    for (let from = 0; from < row.length; from += step) {
      const part = row.slice(from, from + step);
      cells.push(
        (little ? part.reverse() : part)
          .map(cell)
          .join('')
          .padStart(little ? step * 2 : 0),
      );
    }
    const address = start + at + (integer(given.get('o')) ?? 0);
    const shown = given.has('d') ? String(address).padStart(8, '0') : hex(address, 8);
    text += `${shown}: ${cells.join(' ').padEnd(full)}  ${row.map(printable).join('')}\n`;
  }
  return text;
}

function include(
  data: Uint8Array,
  name: string,
  anonymous: boolean,
  width: number,
  upper: (text: string) => string,
): string {
  const rows: string[] = [];
  for (let at = 0; at < data.length; at += width) {
    rows.push(`  ${[...data.subarray(at, at + width)].map((byte) => `0x${upper(hex(byte, 2))}`).join(', ')}`);
  }
  const body = rows.length === 0 ? '' : `${rows.join(',\n')}\n`;
  if (anonymous) return body;
  const identifier = name.replace(/[^A-Za-z0-9]/g, '_').replace(/^(?=\d)/, '__');
  return `unsigned char ${identifier}[] = {\n${body}};\nunsigned int ${identifier}_len = ${data.length};\n`;
}

/** A dump back into bytes. */
function reverse(text: string, given: ReadonlyMap<string, string>): Uint8Array {
  const bytes: number[] = [];
  if (given.has('p')) {
    for (const [, pair = ''] of text.replace(/[^0-9a-fA-F]/g, '').matchAll(/(..)/g)) bytes.push(parseInt(pair, 16));
    return Uint8Array.from(bytes);
  }
  const shift = integer(given.get('s')) ?? 0;
  for (const line of text.split('\n')) {
    const match = /^\s*([0-9a-fA-F]+):? (.*)$/.exec(line);
    if (match === null) continue;
    let at = parseInt(match[1] ?? '0', 16) + shift;
    const body = /^((?: ?[0-9a-fA-F]{2})+)/.exec(` ${(match[2] ?? '').split('  ')[0] ?? ''}`)?.[1] ?? '';
    for (const [pair] of body.matchAll(/[0-9a-fA-F]{2}/g)) {
      while (bytes.length < at) bytes.push(0);
      bytes[at++] = parseInt(pair, 16);
    }
  }
  return Uint8Array.from(bytes);
}
