import type { Stat } from '../../linux/fs/types';
import { decode } from '../../linux/io/bytes';
import { latin1 } from '../toolkit/latin1';
import { tool, type Tool } from '../toolkit/tool';

/** What first bytes mean: a description, its MIME type. */
const magics: readonly (readonly [RegExp, string | ((bytes: Uint8Array) => string), string])[] = [
  [/^\x7fELF/, elf, 'application/x-pie-executable'],
  [/^\x1f\x8b/, 'gzip compressed data', 'application/gzip'],
  [/^BZh/, 'bzip2 compressed data', 'application/x-bzip2'],
  [/^\xfd7zXZ\0/, 'XZ compressed data, checksum CRC64', 'application/x-xz'],
  [/^\x28\xb5\x2f\xfd/, 'Zstandard compressed data (v0.8+)', 'application/zstd'],
  [/^PK\x03\x04/, 'Zip archive data, at least v1.0 to extract, compression method=store', 'application/zip'],
  [/^[^]{257}ustar\0/, 'POSIX tar archive', 'application/x-tar'],
  [/^[^]{257}ustar {2}\0/, 'POSIX tar archive (GNU)', 'application/x-tar'],
  [/^\x89PNG\r\n\x1a\n/, 'PNG image data', 'image/png'],
  [/^\xff\xd8\xff/, 'JPEG image data', 'image/jpeg'],
  [/^GIF8[79]a/, 'GIF image data', 'image/gif'],
  [/^%PDF-(\d\.\d)/, 'PDF document', 'application/pdf'],
  [/^!<arch>\ndebian/, 'Debian binary package (format 2.0)', 'application/vnd.debian.binary-package'],
  [/^!<arch>\n/, 'current ar archive', 'application/x-archive'],
  [/^SQLite format 3\0/, 'SQLite 3.x database', 'application/vnd.sqlite3'],
  [/^-----BEGIN CERTIFICATE/, 'PEM certificate', 'text/plain'],
  [/^-----BEGIN RSA PRIVATE KEY/, 'PEM RSA private key', 'text/plain'],
  [/^-----BEGIN (EC |OPENSSH )?PRIVATE KEY/, 'OpenSSH private key (no password)', 'text/plain'],
  [/^ssh-(rsa|ed25519) /, 'OpenSSH RSA public key', 'text/plain'],
  [/^\0asm/, 'WebAssembly (wasm) binary module version 0x1 (MVP)', 'application/wasm'],
];

function elf(bytes: Uint8Array): string {
  const bits = bytes[4] === 1 ? '32' : '64';
  const machine = bytes[18] === 0x3e ? ', x86-64' : bytes[18] === 0xb7 ? ', ARM aarch64' : '';
  const kinds = ['no file type', 'relocatable', 'executable', 'pie executable', 'core file'];
  return `ELF ${bits}-bit LSB ${kinds[bytes[16] ?? 0] ?? 'executable'}${machine}, version 1 (SYSV)`;
}

const scripts: readonly (readonly [RegExp, string, string])[] = [
  [/^#! ?\/bin\/sh\b|^#! ?\/usr\/bin\/env sh\b/, 'POSIX shell script', 'text/x-shellscript'],
  [/^#! ?\S*(?:\/|env )bash\b/, 'Bourne-Again shell script', 'text/x-shellscript'],
  [/^#! ?\S*(?:\/|env )python[\d.]*\b/, 'Python script', 'text/x-script.python'],
  [/^#! ?\S*(?:\/|env )perl\b/, 'Perl script text executable', 'text/x-perl'],
  [/^#! ?\S*(?:\/|env )node\b/, 'Node.js script executable', 'application/javascript'],
];

/** file(1). */
export const file = tool(
  {
    name: 'file',
    usage: '[OPTION...] [FILE...]',
    about: 'Determine type of FILEs.\n',
    package: 'file-5.45',
    short: 'bcCdEe:f:F:hiklLm:nNpP:rsSvzZ0',
    long: {
      brief: 'b',
      'mime-type': 'mime-type',
      'mime-encoding': 'mime-encoding',
      mime: 'i',
      dereference: 'L',
      'no-dereference': 'h',
      'separator:': 'F',
      'no-pad': 'N',
      'files-from:': 'f',
      'keep-going': 'k',
      print0: '0',
    },
  },
  async (tool) => {
    const { options, process } = tool;
    const paths = [...tool.operands];
    const list = options.value('f');
    if (list !== undefined) {
      const text = list === '-' ? { ok: true as const, value: await process.stdin.text() } : tool.fs.readText(list);
      if (text.ok) paths.unshift(...text.value.split('\n').filter((line) => line !== ''));
    }
    if (paths.length === 0) {
      await process.stderr.write(
        'Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]\n            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]\n            <file> ...\n       file -C [-m <magicfiles>]\n       file [--help]\n',
      );
      return 1;
    }
    const width = Math.max(...paths.map((path) => (path === '-' ? '/dev/stdin' : path).length));
    for (const path of paths) {
      const shown = path === '-' ? '/dev/stdin' : path;
      const { text, mime, charset } = await kindOf(tool, path);
      const answer = options.has('mime-type')
        ? mime
        : options.has('mime-encoding')
          ? charset
          : options.has('i')
            ? `${mime}; charset=${charset}`
            : text;
      const head = options.has('b')
        ? ''
        : `${shown}${options.value('F') ?? ':'} ${options.has('N') ? '' : ' '.repeat(width - shown.length)}`;
      await tool.out.line(head + answer);
    }
    return 0;
  },
);

interface Kind {
  readonly text: string;
  readonly mime: string;
  readonly charset: string;
}

async function kindOf(tool: Tool, path: string): Promise<Kind> {
  const { fs, options, process } = tool;
  const binary = (text: string, mime: string): Kind => ({ text, mime, charset: 'binary' });
  let bytes: Uint8Array;
  if (path === '-') bytes = new TextEncoder().encode(await process.stdin.text());
  else {
    const stat = options.has('L') ? fs.stat(path) : fs.lstat(path);
    if (!stat.ok) {
      const text = `cannot open \`${path}' (${stat.error.message})`;
      return { text, mime: text, charset: text };
    }
    const special = specialKind(tool, path, stat.value);
    if (special !== undefined) return special;
    const content = fs.readFile(path);
    if (!content.ok) return binary(`regular file, no read permission`, 'application/octet-stream');
    bytes = content.value;
  }
  if (bytes.length === 0) return binary('empty', 'inode/x-empty');
  const head = latin1(bytes.subarray(0, 4096));
  const magic = magics.find(([pattern]) => pattern.test(head));
  if (magic !== undefined) {
    const [, text, mime] = magic;
    return mime === 'text/plain'
      ? { text: String(text), mime, charset: 'us-ascii' }
      : binary(typeof text === 'string' ? text : text(bytes), mime);
  }
  return textKind(bytes, head) ?? binary('data', 'application/octet-stream');
}

function specialKind({ fs }: Tool, path: string, { type, rdev, mode }: Stat): Kind | undefined {
  const made = (text: string, mime: string): Kind => ({ text, mime, charset: 'binary' });
  switch (type) {
    case 'directory':
      return made(`${(mode & 0o1000) !== 0 ? 'sticky, ' : ''}directory`, 'inode/directory');
    case 'symlink': {
      const target = fs.readlink(path);
      const name = target.ok ? target.value : '';
      return fs.stat(path).ok
        ? made(`symbolic link to ${name}`, 'inode/symlink')
        : made(`broken symbolic link to ${name}`, 'inode/symlink');
    }
    case 'fifo':
      return made('fifo (named pipe)', 'inode/fifo');
    case 'socket':
      return made('socket', 'inode/socket');
    case 'char':
      return made(`character special (${rdev?.major ?? 0}/${rdev?.minor ?? 0})`, 'inode/chardevice');
    case 'block':
      return made(`block special (${rdev?.major ?? 0}/${rdev?.minor ?? 0})`, 'inode/blockdevice');
    default:
      return undefined;
  }
}

function textKind(bytes: Uint8Array, head: string): Kind | undefined {
  if (/[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]/.test(head)) return undefined;
  const text = decode(bytes);
  const ascii = !/[\x80-\xff]/.test(head);
  const utf8 = !text.slice(0, 2000).includes('\ufffd');
  const encoding = ascii ? 'ASCII' : utf8 ? 'Unicode text, UTF-8' : 'ISO-8859';
  const charset = ascii ? 'us-ascii' : utf8 ? 'utf-8' : 'iso-8859-1';
  const script = scripts.find(([pattern]) => pattern.test(head));
  const json = isJson(text);
  const lines = text.split('\n');
  const extra =
    (Math.max(...lines.map((line) => line.length)) > 300
      ? `, with very long lines (${Math.max(...lines.map((line) => line.length))})`
      : '') +
    (/\r\n/.test(text) ? ', with CRLF line terminators' : '') +
    (text.includes('\n') || json ? '' : ', with no line terminators');
  if (script !== undefined) {
    const kind = script[1].endsWith('executable') ? script[1] : `${script[1]}, ${encoding} text executable`;
    return { text: kind + extra, mime: script[2], charset };
  }
  if (json) return { text: 'JSON text data', mime: 'application/json', charset };
  const xml = /^<\?xml /.test(text)
    ? 'XML 1.0 document, '
    : /^\s*<(!doctype html|html)/i.test(text)
      ? 'HTML document, '
      : '';
  const mime = xml.startsWith('XML') ? 'text/xml' : xml.startsWith('HTML') ? 'text/html' : 'text/plain';
  const csv = xml === '' && isCsv(lines) ? 'CSV ' : '';
  if (csv !== '') return { text: `CSV ${ascii ? '' : `${encoding} `}text${extra}`, mime: 'text/csv', charset };
  return { text: `${xml}${encoding} text${extra}`, mime, charset };
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** At least three lines of the same number of fields. */
function isCsv(lines: readonly string[]): boolean {
  const rows = lines.filter((line) => line !== '').slice(0, 10);
  const count = (rows[0] ?? '').split(',').length;
  return rows.length >= 2 && count > 1 && rows.every((row) => row.split(',').length === count);
}
