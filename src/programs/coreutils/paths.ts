import { joinPath } from './copy';
import { relativePath } from './ln';
import { quote, quoteaf, quotef } from '../toolkit/quote';
import { dirName, baseName } from './simple';
import { tool, type Tool } from '../toolkit/tool';
import type { Sys } from '../../linux/errno';

/** Resolves as `realpath`: the last component may be missing, or (-m) anything, or (-e) nothing. */
function canonical({ fs, process }: Tool, path: string, mode: 'e' | 'f' | 'm'): Sys<string> {
  const real = fs.realpath(path);
  if (real.ok || mode === 'e') return real;
  if (mode === 'f') {
    if (real.error.code !== 'ENOENT') return real;
    const parent = fs.realpath(dirName(path));
    if (!parent.ok) return parent;
    const link = fs.readlink(path);
    if (link.ok) return canonical({ fs, process } as Tool, joinPath(dirName(path), link.value), mode);
    return { ok: true, value: joinPath(parent.value, baseName(path)) };
  }
  const parts: string[] = [];
  let at = path.startsWith('/') ? path : joinPath(process.cwd, path);
  for (;;) {
    const there = fs.realpath(at);
    if (there.ok || at === '/') return { ok: true, value: relativeTo(there.ok ? there.value : '/', parts) };
    parts.unshift(baseName(at));
    at = dirName(at);
  }
}

const relativeTo = (base: string, parts: readonly string[]): string =>
  `/${relativePath('/', [base, ...parts].join('/'))}`.replace('/.', '/');

/** realpath(1). */
export const realpath = tool(
  {
    name: 'realpath',
    usage: '[OPTION]... FILE...',
    about: 'Print the resolved absolute file name.',
    short: 'eLmPqsz',
    long: {
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      logical: 'L',
      physical: 'P',
      quiet: 'q',
      'relative-to:': 'relative-to',
      'relative-base:': 'relative-base',
      strip: 's',
      'no-symlinks': 's',
      zero: 'z',
    },
  },
  async (tool) => {
    const { options } = tool;
    if (tool.operands.length === 0) return tool.missingOperand();
    const mode = options.last('e', 'm') === 'e' ? 'e' : options.has('m') ? 'm' : 'f';
    for (const path of tool.operands) {
      const real: Sys<string> = options.has('s')
        ? { ok: true, value: relativeTo(path.startsWith('/') ? '/' : tool.process.cwd, path.split('/')) }
        : path === ''
          ? tool.fs.realpath('')
          : canonical(tool, path, mode);
      if (!real.ok) {
        tool.status = 1;
        if (!options.has('q')) await tool.fileError(path === '' ? "''" : path, real.error);
        continue;
      }
      const root = options.value('relative-base');
      const base = options.value('relative-to') ?? root;
      const within = root === undefined ? undefined : canonical(tool, root, 'm');
      const inside = within?.ok !== true || `${real.value}/`.startsWith(`${within.value.replace(/\/$/, '')}/`);
      const from = base === undefined || !inside ? undefined : canonical(tool, base, 'm');
      await tool.out.write(
        (from?.ok === true ? relativePath(from.value, real.value) : real.value) + (options.has('z') ? '\0' : '\n'),
      );
    }
    return tool.status;
  },
);

/** readlink(1). */
export const readlink = tool(
  {
    name: 'readlink',
    usage: '[OPTION]... FILE...',
    about: 'Print value of a symbolic link or canonical file name.',
    short: 'efmnqsvz',
    long: {
      canonicalize: 'f',
      'canonicalize-existing': 'e',
      'canonicalize-missing': 'm',
      'no-newline': 'n',
      quiet: 'q',
      silent: 'q',
      verbose: 'v',
      zero: 'z',
    },
  },
  async (tool) => {
    const { options, operands } = tool;
    if (operands.length === 0) return tool.missingOperand();
    const mode = options.last('e', 'f', 'm');
    for (const path of operands) {
      const found = mode === undefined ? tool.fs.readlink(path) : canonical(tool, path, mode as 'e' | 'f' | 'm');
      if (found.ok) {
        const end = options.has('z') ? '\0' : options.has('n') && operands.length === 1 ? '' : '\n';
        await tool.out.write(found.value + end);
      } else {
        tool.status = 1;
        if (options.has('v')) await tool.fileError(path, found.error);
      }
    }
    return tool.status;
  },
);

/** mktemp(1). */
export const mktemp = tool(
  {
    name: 'mktemp',
    usage: '[OPTION]... [TEMPLATE]',
    about: 'Create a temporary file or directory, safely, and print its name.',
    short: 'dp:qtuV',
    long: { directory: 'd', 'dry-run': 'u', quiet: 'q', 'suffix:': 'suffix', 'tmpdir::': 'p' },
  },
  async (tool) => {
    const { options, operands, process, fs } = tool;
    const extra = operands[1];
    if (extra !== undefined) return tool.usageError('too many templates');
    const given = operands[0];
    const template = (given ?? 'tmp.XXXXXXXXXX') + (options.value('suffix') ?? '');
    const match = /^(.*?)(X{3,})([^X]*)$/s.exec(template);
    if (match === null) return tool.fail(`too few X's in template ${quote(template)}`);
    const folder = options.value('p') ?? process.env.get('TMPDIR') ?? '/tmp';
    const inFolder = given === undefined || options.has('t', 'p');
    const [, before = '', letters = '', after = ''] = match;
    for (let tries = 0; tries < 100; tries++) {
      const name = before + process.random.string(letters.length, alphabet) + after;
      const path = inFolder ? joinPath(folder, name) : name;
      if (fs.lstat(path).ok) continue;
      if (!options.has('u')) {
        const made = options.has('d') ? fs.mkdir(path, 0o700) : fs.writeFile(path, '', 0o600);
        if (!made.ok) {
          const what = options.has('d') ? 'directory' : 'file';
          if (options.has('q')) return 1;
          return tool.fail(
            `failed to create ${what} via template ${quoteaf(inFolder ? joinPath(folder, template) : template)}: ${made.error.message}`,
          );
        }
      }
      await tool.out.line(path);
      return 0;
    }
    return tool.fail(`failed to create file via template ${quotef(template)}: File exists`);
  },
);

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
