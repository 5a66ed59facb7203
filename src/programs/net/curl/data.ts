import { err, ok, type Result } from '../../../sim/result';
import { concat, decode, encode, noBytes } from '../../../linux/io/bytes';
import { readAll } from '../streams';
import type { Process } from '../../../linux/process/types';
import type { Parsed } from '../options';

/** What is sent, and the type it is announced as. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly type: string | undefined;
}

/** The bodies of -d, --data-…, --json, -F and -T; undefined if there is none. An error is a file that cannot be read. */
export async function uploadOf(process: Process, parsed: Parsed): Promise<Result<Upload | undefined, string>> {
  const parts: Uint8Array[] = [];
  let type: string | undefined;
  for (const { name, value } of parsed.options) {
    switch (name) {
      case 'd':
      case 'data-raw':
      case 'data-binary':
      case 'data-urlencode':
      case 'json': {
        const piece = await dataPiece(process, name, value);
        if (!piece.ok) return piece;
        if (parts.length > 0 && name !== 'json') parts.push(encode('&'));
        parts.push(piece.value);
        type ??= name === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
        break;
      }
      case 'F':
      case 'form-string':
        return form(process, parsed);
      case 'T': {
        const file = value === '-' || value === '.' ? ok(await readAll(process.stdin)) : process.fs.readFile(value);
        return file.ok ? ok({ bytes: file.value, type: undefined }) : err(value);
      }
    }
  }
  return ok(type === undefined ? undefined : { bytes: concat(parts), type });
}

async function dataPiece(process: Process, name: string, value: string): Promise<Result<Uint8Array, string>> {
  if (name === 'data-urlencode') {
    const match = /^([^=@]*)([=@])([^]*)$/.exec(value);
    if (!match) return ok(encode(urlEncode(value)));
    const [, key = '', sign, rest = ''] = match;
    const content = sign === '@' ? process.fs.readFile(rest) : ok(encode(rest));
    if (!content.ok) return err(rest);
    return ok(encode(`${key === '' ? '' : `${key}=`}${urlEncode(decode(content.value))}`));
  }
  if (name === 'data-raw' || !value.startsWith('@')) return ok(encode(value));
  const path = value.slice(1);
  const content = path === '-' ? ok(await readAll(process.stdin)) : process.fs.readFile(path);
  if (!content.ok) return err(path);
  // -d strips newlines from files, --data-binary does not.
  return ok(name === 'd' ? content.value.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0) : content.value);
}

const urlEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

/** multipart/form-data (RFC 7578). */
function form(process: Process, parsed: Parsed): Result<Upload, string> {
  const boundary = `------------------------${process.random.string(22, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}`;
  const parts: Uint8Array[] = [];
  for (const { name, value } of parsed.options) {
    if (name !== 'F' && name !== 'form-string') continue;
    const equals = value.indexOf('=');
    const [key, given] = [value.slice(0, equals), value.slice(equals + 1)];
    const fromFile = name === 'F' && /^[@<]/.test(given);
    const [path = '', ...attributes] = fromFile ? given.slice(1).split(';') : [given];
    const content = fromFile ? process.fs.readFile(path) : ok(encode(path));
    if (!content.ok) return err(path);
    let head = `--${boundary}\r\nContent-Disposition: form-data; name="${key}"`;
    if (given.startsWith('@') && fromFile) head += `; filename="${path.slice(path.lastIndexOf('/') + 1)}"`;
    const type = attributes.find((attribute) => attribute.startsWith('type='))?.slice(5);
    if (type !== undefined) head += `\r\nContent-Type: ${type}`;
    else if (given.startsWith('@') && fromFile) head += '\r\nContent-Type: application/octet-stream';
    parts.push(encode(`${head}\r\n\r\n`), content.value, encode('\r\n'));
  }
  parts.push(encode(`--${boundary}--\r\n`));
  return ok({ bytes: parts.length > 0 ? concat(parts) : noBytes, type: `multipart/form-data; boundary=${boundary}` });
}
