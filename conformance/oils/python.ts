import type { Process } from '../../src/linux/process/types';
import { toBytes } from '../../src/programs/shell/text';

/** How Python 2 shows a string: bytes that are not printable as escapes. */
export function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let shown = '';
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (char === quote || char === '\\') shown += `\\${char}`;
    else if (byte >= 32 && byte < 127) shown += char;
    else shown += named.get(char) ?? `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${quote}${shown}${quote}`;
}

const named = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

const LITERAL = String.raw`u?"(?:[^"\\]|\\.)*"`;
const TERM = new RegExp(
  String.raw`^\s*(${LITERAL})(?:\s*\*\s*(\d+))?(?:\s*%\s*\((${LITERAL})\s*\*\s*(\d+)\))?\s*(\+)?`,
  's',
);

/** The bytes of a literal, one character each. */
function literal(text: string): string {
  const body = text.replace(/^u/, '').slice(1, -1);
  return body.replace(/\\(?:x([0-9A-Fa-f]{2})|(.))/gs, (_, code?: string, char = '') =>
    code === undefined
      ? ({ n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' }[char as string] ?? char)
      : String.fromCharCode(parseInt(code, 16)),
  );
}

/** Literals joined by `+`, `*` and `%`. */
function expression(text: string): string | undefined {
  let value = '';
  for (let rest = text; ;) {
    const found = TERM.exec(rest);
    if (found === null) return rest.trim() === '' ? value : undefined;
    const [all, first = '', times, filler, count = '1', plus] = found;
    let part = literal(first).repeat(Number(times ?? 1));
    if (filler !== undefined) part = part.replace('%s', literal(filler).repeat(Number(count)));
    value += part;
    rest = rest.slice(all.length);
    if (plus === undefined && rest.trim() !== '') return undefined;
  }
}

/** `python2 -c` for the few one-liners that the cases make bytes with. */
export async function runPython(process: Process): Promise<number> {
  const [option, code = '', argument = ''] = process.args;
  if (option !== '-c') return 2;
  if (code.includes('repr(sys.argv[1])')) {
    await process.stdout.write(`${repr(argument)}\n`);
    return 0;
  }
  if (code.includes('subprocess.check_call(argv)')) return callThere(process);
  if (code.includes('small.upper()')) {
    await process.stdout.write('ß\nß\n');
    return 0;
  }
  const printed = code.trim().replace(/^print\s*/, '');
  const text = expression(printed.startsWith('(') ? printed.slice(1, -1) : printed);
  if (text === undefined) {
    await process.stderr.write(`python2: cannot run ${code}\n`);
    return 1;
  }
  await process.stdout.write(Uint8Array.from(`${text}\n`, (char) => char.charCodeAt(0)));
  return 0;
}

/** Changes to cpan/Encode without saying so in PWD, then runs its arguments. */
async function callThere(process: Process): Promise<number> {
  const { args, cwd, env } = process;
  if (args.join(' ').includes('Python PWD = %r" % os.getenv("PWD"), file=sys.stdout'))
    await process.stdout.write(`Python PWD = ${repr(env.get('PWD') ?? '')}\n`);
  const [file = '', ...rest] = args.slice(2);
  const path = file.includes('/') ? file : process.which(file);
  const child = process.spawn({ file: path ?? file, argv: [file, ...rest], env, cwd: `${cwd}/cpan/Encode` });
  if (!child.ok) return 1;
  const status = await child.value.wait();
  return status.kind === 'exited' ? status.code : 1;
}
