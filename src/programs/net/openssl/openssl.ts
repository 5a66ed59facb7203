import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concat, decode } from '../../../linux/io/bytes';
import { createKey, keyPem, parseKey, publicKeyPem, type PrivateKey } from '../../../linux/net/tls/certificate';
import { base64, decodePem, encodePem, fromBase64 } from '../../../linux/net/tls/pem';
import type { Process, Program } from '../../../linux/process/types';
import { readAll } from '../streams';
import { req } from './req';
import { sClient } from './s-client';
import { hex, modulusOf } from './text';
import { verifyCommand, x509 } from './x509';

/** Options of openssl's subcommands: one dash, most with a value. */
export class Options {
  readonly #given = new Map<string, string[]>();
  readonly operands: readonly string[];

  constructor(args: readonly string[], flags: string) {
    const known = new Set(flags.split(' '));
    const operands: string[] = [];
    for (let index = 0; index < args.length; index++) {
      const argument = args[index] ?? '';
      const name = argument.replace(/^--?/, '');
      if (!argument.startsWith('-') || argument === '-') operands.push(argument);
      else if (known.has(name)) this.#given.set(name, []);
      else this.#given.set(name, [...(this.#given.get(name) ?? []), args[++index] ?? '']);
    }
    this.operands = operands;
  }
  has(...names: readonly string[]): boolean {
    return names.some((name) => this.#given.has(name));
  }
  value(name: string): string | undefined {
    return this.#given.get(name)?.at(-1);
  }
  values(name: string): readonly string[] {
    return this.#given.get(name) ?? [];
  }
}

/** The text of `-in`, or of standard input; undefined after telling why it cannot be read. */
export async function input(process: Process, options: Options, what: string): Promise<string | undefined> {
  const path = options.value('in');
  if (path === undefined) return decode(await readAll(process.stdin));
  const text = process.fs.readText(path);
  if (text.ok) return text.value;
  await process.stderr.write(
    `Could not open file or uri for loading ${what} from ${path}: ${text.error.message}\nUnable to load ${what}\n`,
  );
  return undefined;
}

/** To `-out`, or standard output. */
export async function output(process: Process, options: Options, text: string, mode = 0o644): Promise<number> {
  const path = options.value('out');
  if (path === undefined) {
    await process.stdout.write(text);
    return 0;
  }
  const written = process.fs.writeFile(path, text, mode);
  if (written.ok) return 0;
  await process.stderr.write(`Can't open "${path}" for writing, ${written.error.message}\n`);
  return 1;
}

type Command = (process: Process, args: readonly string[]) => Promise<number>;

const genrsa: Command = async (process, args) => {
  const options = new Options(args, 'aes256 aes128 des3 3 F4 traditional verbose');
  return output(process, options, keyPem(createKey(process.random), 'PRIVATE KEY'), 0o600);
};

const genpkey: Command = async (process, args) => {
  const options = new Options(args, 'aes256 aes128 quiet');
  return output(process, options, keyPem(createKey(process.random), 'PRIVATE KEY'), 0o600);
};

/** rsa, pkey, ec: looks at a key, or gives its public half. */
const key: Command = async (process, args) => {
  const options = new Options(args, 'noout modulus check pubout pubin text');
  const text = await input(process, options, 'private key');
  if (text === undefined) return 1;
  if (options.has('pubin')) {
    const block = decodePem(text).find(({ label }) => label === 'PUBLIC KEY');
    if (!block) {
      await process.stderr.write('Could not read public key\n');
      return 1;
    }
    if (/^der$/i.test(options.value('outform') ?? '')) await process.stdout.write(block.bytes);
    else await process.stdout.write(encodePem('PUBLIC KEY', block.bytes));
    return 0;
  }
  const found: PrivateKey | undefined = parseKey(text);
  if (!found) {
    await process.stderr.write('Could not read private key\n');
    return 1;
  }
  if (options.has('check')) await process.stdout.write('RSA key ok\n');
  if (options.has('modulus')) await process.stdout.write(`Modulus=${modulusOf(found.keyId)}\n`);
  if (options.has('noout')) return 0;
  await process.stderr.write('writing RSA key\n');
  const pem = options.has('pubout') ? publicKeyPem(found.keyId) : keyPem(found, 'PRIVATE KEY');
  return output(process, options, pem, 0o600);
};

const rand: Command = async (process, args) => {
  const options = new Options(args, 'hex base64');
  const count = Number(options.operands[0] ?? 0);
  const bytes = process.random.bytes(count);
  if (options.has('hex')) return output(process, options, `${hex(bytes)}\n`);
  if (options.has('base64')) return output(process, options, `${(base64(bytes).match(/.{1,64}/g) ?? []).join('\n')}\n`);
  await process.stdout.write(bytes);
  return 0;
};

const digests = { md5, sha1, sha256, sha512 } as const;
type DigestName = keyof typeof digests;

const dgst =
  (preset?: DigestName): Command =>
  async (process, args) => {
    const options = new Options(args, 'r hex binary c md5 sha1 sha256 sha512');
    const name = preset ?? (Object.keys(digests) as DigestName[]).find((each) => options.has(each)) ?? 'sha256';
    const { operands } = options;
    for (const path of operands.length === 0 ? ['-'] : operands) {
      const read =
        path === '-' ? { ok: true as const, value: await readAll(process.stdin) } : process.fs.readFile(path);
      if (!read.ok) {
        await process.stderr.write(`Can't open "${path}" for reading, ${read.error.message}\n`);
        return 1;
      }
      const sum = digests[name](read.value);
      const label = path === '-' ? 'stdin' : path;
      if (options.has('binary')) await process.stdout.write(sum);
      else if (options.has('r')) await process.stdout.write(`${hex(sum)} *${label}\n`);
      else
        await process.stdout.write(
          `${{ md5: 'MD5', sha1: 'SHA1', sha256: 'SHA2-256', sha512: 'SHA2-512' }[name]}(${label})= ${hex(sum)}\n`,
        );
    }
    return 0;
  };

/** base64, or `enc -base64`. */
const enc: Command = async (process, args) => {
  const options = new Options(args, 'd e a A base64 nopad');
  const path = options.value('in') ?? options.operands[0];
  const read =
    path === undefined ? { ok: true as const, value: await readAll(process.stdin) } : process.fs.readFile(path);
  if (!read.ok) {
    await process.stderr.write(`Can't open "${path}" for reading, ${read.error.message}\n`);
    return 1;
  }
  if (options.has('d')) {
    await process.stdout.write(fromBase64(decode(read.value)) ?? concat([]));
    return 0;
  }
  const text = base64(read.value);
  return output(process, options, options.has('A') ? text : `${(text.match(/.{1,64}/g) ?? []).join('\n')}\n`);
};

const version: Command = async (process) => {
  await process.stdout.write('OpenSSL 3.0.17 1 Jul 2025 (Library: OpenSSL 3.0.17 1 Jul 2025)\n');
  return 0;
};

const commands: Readonly<Record<string, Command>> = {
  ...{ genrsa, genpkey, rsa: key, pkey: key, ec: key, rand, version, req, x509, verify: verifyCommand },
  ...{
    s_client: sClient,
    dgst: dgst(),
    md5: dgst('md5'),
    sha1: dgst('sha1'),
    sha256: dgst('sha256'),
    sha512: dgst('sha512'),
  },
  ...{ base64: enc, enc },
};

/** openssl(1), as far as keys, certificates and digests go. */
export const openssl: Program = async (process) => {
  const [name = '', ...args] = process.args;
  const command = commands[name];
  if (command) return command(process, args);
  if (name === 'help' || name === '') {
    await process.stderr.write(`help:\n\nStandard commands\n${Object.keys(commands).join('  ')}\n`);
    return 0;
  }
  await process.stderr.write(`Invalid command '${name}'; type "help" for a list.\n`);
  return 1;
};
