import {
  certificatePem,
  createCa,
  issueFor,
  parseCertificates,
  parseKey,
  parseRequest,
  publicKeyPem,
  type Certificate,
} from '../../../linux/net/tls/certificate';
import { opensslVerifyText, verify } from '../../../linux/net/tls/verify';
import type { Process } from '../../../linux/process/types';
import { input, Options, output } from './openssl';
import { certificateText, dateText, fingerprint, modulusOf, nameText, parseSans } from './text';

const flags =
  'req noout text subject issuer dates startdate enddate serial fingerprint sha1 sha256 modulus pubkey CAcreateserial new hash ' +
  'subject_hash email purpose alias nocert';

/** openssl-x509(1): shows certificates, and signs requests with -req. */
export async function x509(process: Process, args: readonly string[]): Promise<number> {
  const options = new Options(args, flags);
  if (options.has('req')) return sign(process, options);
  const text = await input(process, options, 'certificate');
  if (text === undefined) return 1;
  const [certificate] = parseCertificates(text);
  if (!certificate) {
    const from = options.value('in') ?? '<stdin>';
    await process.stderr.write(`Could not read certificate from ${from}\nUnable to load certificate\n`);
    return 1;
  }
  const shown = show(certificate, args, options);
  const status = await output(process, options, shown);
  const end = options.value('checkend');
  if (end === undefined || status !== 0) return status;
  const expires = certificate.notAfter < process.clock.now + Number(end) * 1000;
  await process.stdout.write(expires ? 'Certificate will expire\n' : 'Certificate will not expire\n');
  return expires ? 1 : 0;
}

/** In the order of the options on the command line, as openssl shows them; then the PEM block. */
function show(certificate: Certificate, args: readonly string[], options: Options): string {
  let text = '';
  for (const argument of args) {
    switch (argument.replace(/^--?/, '')) {
      case 'text':
        text += certificateText(certificate);
        break;
      case 'subject':
        text += `subject=${nameText(certificate.subject)}\n`;
        break;
      case 'issuer':
        text += `issuer=${nameText(certificate.issuer)}\n`;
        break;
      case 'dates':
        text += `notBefore=${dateText(certificate.notBefore)}\nnotAfter=${dateText(certificate.notAfter)}\n`;
        break;
      case 'startdate':
        text += `notBefore=${dateText(certificate.notBefore)}\n`;
        break;
      case 'enddate':
        text += `notAfter=${dateText(certificate.notAfter)}\n`;
        break;
      case 'serial':
        text += `serial=${certificate.serial.toUpperCase()}\n`;
        break;
      case 'fingerprint':
        text += `${fingerprint(certificate, options.has('sha256') ? 'sha256' : 'sha1')}\n`;
        break;
      case 'modulus':
        text += `Modulus=${modulusOf(certificate.keyId)}\n`;
        break;
      case 'pubkey':
        text += publicKeyPem(certificate.keyId);
        break;
      case 'ext':
        if (certificate.sans.length > 0) {
          const names = certificate.sans.map((san) => (/^[\d.]+$/.test(san) ? `IP Address:${san}` : `DNS:${san}`));
          text += `X509v3 Subject Alternative Name: \n    ${names.join(', ')}\n`;
        }
        break;
    }
  }
  return options.has('noout') ? text : text + certificatePem(certificate);
}

async function sign(process: Process, options: Options): Promise<number> {
  const { stderr, fs, random, clock } = process;
  const text = await input(process, options, 'certificate request');
  if (text === undefined) return 1;
  const request = parseRequest(text);
  if (!request) {
    await stderr.write('Unable to load certificate request\n');
    return 1;
  }
  const extensions = options.value('extfile');
  const file = extensions === undefined ? undefined : fs.readText(extensions);
  const sans = [
    ...(file?.ok ? parseSans(file.value) : []),
    ...(options.value('copy_extensions') === undefined ? [] : request.sans),
  ];
  const days = Number(options.value('days') ?? 30);
  await stderr.write(`Certificate request self-signature ok\nsubject=${nameText(request.subject)}\n`);
  const signKey = options.value('signkey') ?? options.value('key');
  if (signKey !== undefined) {
    const key = fs.readText(signKey);
    const parsed = key.ok ? parseKey(key.value) : undefined;
    if (!parsed) return unreadable(process, 'private key', signKey);
    const self = createCa({ subject: request.subject, sans, key: parsed, random, days, now: clock.now, ca: false });
    return output(process, options, certificatePem(self.certificate));
  }
  const [caPath = '', keyPath = options.value('CA') ?? ''] = [options.value('CA'), options.value('CAkey')];
  const [ca, key] = [fs.readText(caPath), fs.readText(keyPath)];
  const issuer = ca.ok ? parseCertificates(ca.value)[0] : undefined;
  const issuerKey = key.ok ? parseKey(key.value) : undefined;
  if (!issuer) return unreadable(process, 'CA certificate', caPath);
  if (!issuerKey) return unreadable(process, 'CA private key', keyPath);
  if (issuerKey.keyId !== issuer.keyId) {
    await stderr.write('CA certificate and CA private key do not match\n');
    return 1;
  }
  const certificate = issueFor({
    ...{ subject: request.subject, sans, keyId: request.keyId, random, days, now: clock.now },
    issuer: { certificate: issuer, key: issuerKey },
  });
  return output(process, options, certificatePem(certificate));
}

async function unreadable(process: Process, what: string, path: string): Promise<number> {
  await process.stderr.write(
    `Could not open file or uri for loading ${what} from ${path}: No such file or directory\n`,
  );
  return 1;
}

/** openssl-verify(1). */
export async function verifyCommand(process: Process, args: readonly string[]): Promise<number> {
  const options = new Options(args, 'verbose no-CAfile partial_chain x509_strict show_chain');
  const load = (path: string | undefined): readonly Certificate[] => {
    const text = path === undefined ? undefined : process.fs.readText(path);
    return text?.ok ? parseCertificates(text.value) : [];
  };
  const roots = load(options.value('CAfile') ?? '/etc/ssl/certs/ca-certificates.crt');
  let status = 0;
  for (const path of options.operands) {
    const chain = [...load(path).slice(0, 1), ...load(options.value('untrusted'))];
    const [leaf] = chain;
    if (!leaf) {
      await process.stderr.write(
        `Could not open file or uri for loading certificate file from ${path}\nUnable to load certificate file\n`,
      );
      status = 1;
      continue;
    }
    const verdict = verify(chain, { roots, now: process.clock.now, library: 'openssl' });
    if (verdict.ok) {
      await process.stdout.write(`${path}: OK\n`);
      continue;
    }
    const number = { 'unknown-authority': 20, expired: 10, 'not-yet-valid': 9, host: 62, 'no-certificate': 20 }[
      verdict.error.kind
    ];
    const code = verdict.error.kind === 'unknown-authority' && verdict.error.selfSigned ? 18 : number;
    await process.stderr.write(
      `${nameText(leaf.subject)}\nerror ${code} at 0 depth lookup: ${opensslVerifyText(verdict.error)}\nerror ${path}: verification failed\n`,
    );
    status = 2;
  }
  return status;
}
