import {
  createCa,
  createKey,
  keyPem,
  parseKey,
  parseRequest,
  requestPem,
  certificatePem,
} from '../../../linux/net/tls/certificate';
import type { Process } from '../../../linux/process/types';
import { input, Options, output } from './openssl';
import { modulusOf, nameText, parseSans, parseSubject, requestText } from './text';

const flags = 'new x509 nodes noenc noout text verify subject pubkey modulus batch utf8';

/** openssl-req(1): requests, and with -x509 self-signed certificates. */
export async function req(process: Process, args: readonly string[]): Promise<number> {
  const options = new Options(args, flags);
  if (!options.has('new', 'x509', 'newkey')) return show(process, options);
  const config = options.value('config');
  const text = config === undefined ? undefined : process.fs.readText(config);
  const configuration = text?.ok ? text.value : '';
  const sans = [...options.values('addext').flatMap(parseSans), ...parseSans(configuration)];
  const subject = parseSubject(options.value('subj') ?? sectionSubject(configuration));

  const keyPath = options.value('key');
  let key = createKey(process.random);
  if (keyPath !== undefined) {
    const file = process.fs.readText(keyPath);
    const parsed = file.ok ? parseKey(file.value) : undefined;
    if (!parsed) {
      const reason = file.ok ? 'unsupported' : file.error.message;
      await process.stderr.write(`Could not open file or uri for loading private key from ${keyPath}: ${reason}\n`);
      return 1;
    }
    key = parsed;
  } else {
    const target = options.value('keyout') ?? 'privkey.pem';
    const written = process.fs.writeFile(target, keyPem(key, 'PRIVATE KEY'), 0o600);
    if (!written.ok) {
      await process.stderr.write(`Can't open "${target}" for writing, ${written.error.message}\n`);
      return 1;
    }
    if (options.has('newkey')) await process.stderr.write('-----\n');
  }
  if (!options.has('x509')) {
    return output(process, options, options.has('noout') ? '' : requestPem({ subject, sans, keyId: key.keyId }));
  }
  const { random, clock } = process;
  const days = Number(options.value('days') ?? 30);
  const { certificate } = createCa({ subject, sans, key, random, days, now: clock.now });
  return output(process, options, certificatePem(certificate));
}

/** `CN = x` and `O = y` of a configuration's distinguished_name section. */
function sectionSubject(configuration: string): string {
  const fields = [...configuration.matchAll(/^\s*(CN|O|commonName|organizationName)\s*=\s*(.+)$/gm)];
  return fields
    .map(([, name = '', value = '']) => `/${name.startsWith('o') || name === 'O' ? 'O' : 'CN'}=${value.trim()}`)
    .join('');
}

async function show(process: Process, options: Options): Promise<number> {
  const text = await input(process, options, 'X509 request');
  if (text === undefined) return 1;
  const request = parseRequest(text);
  if (!request) {
    await process.stderr.write('Unable to load X509 request\n');
    return 1;
  }
  if (options.has('verify')) await process.stderr.write('Certificate request self-signature verify OK\n');
  let shown = '';
  if (options.has('text')) shown += requestText(request);
  if (options.has('subject')) shown += `subject=${nameText(request.subject)}\n`;
  if (options.has('modulus')) shown += `Modulus=${modulusOf(request.keyId)}\n`;
  if (!options.has('noout')) shown += requestPem(request);
  return output(process, options, shown);
}
