import { resolve } from '../../../linux/net/dns/resolve';
import { certificatePem, parseCertificates } from '../../../linux/net/tls/certificate';
import { tlsConnect } from '../../../linux/net/tls/connection';
import { opensslVerifyText, verify } from '../../../linux/net/tls/verify';
import type { Process } from '../../../linux/process/types';
import { Options } from './openssl';
import { dateText, nameText } from './text';

/** openssl-s_client(1): shows a server's chain, then passes standard input and output. */
export async function sClient(process: Process, args: readonly string[]): Promise<number> {
  const { stdout, stderr, clock } = process;
  const options = new Options(args, 'showcerts quiet brief ign_eof no_ign_eof tls1_2 tls1_3 prexit');
  const target = options.value('connect') ?? options.operands[0] ?? 'localhost:4433';
  const [host = '', port = '4433'] = target.split(':');
  const found = await resolve(process, host);
  if (!found.ok) {
    await stderr.write(
      `40${'7'.repeat(14)}:error:10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:738:Name or service not known\nconnect:errno=22\n`,
    );
    return 1;
  }
  const address = found.value[0] ?? host;
  const opened = await process.net.connect(process, { address, port: Number(port) });
  if (!opened.ok) {
    await stderr.write(`connect:errno=${opened.error.number}\n`);
    return 1;
  }
  const file = process.fs.readText(options.value('CAfile') ?? '/etc/ssl/certs/ca-certificates.crt');
  const roots = file.ok ? parseCertificates(file.value) : [];
  const serverName = options.value('servername') ?? host;
  const shaken = await tlsConnect(opened.value, { serverName, roots, insecure: true, now: clock.now });
  await stdout.write('CONNECTED(00000003)\n');
  if (!shaken.ok) {
    await stderr.write('error:0A00010B:SSL routines:ssl3_get_record:wrong version number\n');
    return 1;
  }
  const stream = shaken.value;
  const chain = stream.peerChain;
  const verdict = verify(chain, { roots, now: clock.now, library: 'openssl' });
  const code = verdict.ok
    ? '0 (ok)'
    : `${verdict.error.kind === 'expired' ? 10 : 20} (${opensslVerifyText(verdict.error)})`;
  const [leaf] = chain;
  let text = '---\nCertificate chain\n';
  chain.forEach((certificate, index) => {
    text += ` ${index} s:${nameText(certificate.subject)}\n   i:${nameText(certificate.issuer)}\n   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256\n   v:NotBefore: ${dateText(certificate.notBefore)}; NotAfter: ${dateText(certificate.notAfter)}\n`;
    if (options.has('showcerts')) text += certificatePem(certificate);
  });
  if (leaf) {
    text += `---\nServer certificate\n${options.has('showcerts') ? '' : certificatePem(leaf)}subject=${nameText(leaf.subject)}\nissuer=${nameText(leaf.issuer)}\n`;
  }
  text += `---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nVerify return code: ${code}\n---\n`;
  if (!verdict.ok)
    await stderr.write(
      `depth=0 ${leaf ? nameText(leaf.subject) : ''}\nverify error:num=${code.split(' ')[0]}:${opensslVerifyText(verdict.error)}\n`,
    );
  if (!options.has('quiet')) await stdout.write(text);
  process.thread(async () => {
    for (let read = await stream.read(); read.ok && read.value; read = await stream.read())
      await stdout.write(read.value);
  });
  for await (const chunk of process.stdin) await stream.write(chunk);
  if (!options.has('quiet')) await stdout.write('DONE\n');
  stream.close();
  return 0;
}
