import type { Process } from '../../linux/process/types';
import { parseCertificates, parseKey } from '../../linux/net/tls/certificate';
import type { TlsServerOptions } from '../../linux/net/tls/connection';
import type { RegistryConfig } from './config';

/** The certificate and key that `http.tls` names; undefined where it names none, a text where they cannot be used. */
export function readIdentity(
  { fs, clock }: Process,
  { certificate, key }: Pick<RegistryConfig, 'certificate' | 'key'>,
): TlsServerOptions | string | undefined {
  if (certificate === undefined || certificate === '') return undefined;
  const pem = fs.readText(certificate);
  if (!pem.ok) return `open ${certificate}: ${pem.error.message.toLowerCase()}`;
  const keyText = fs.readText(key ?? '');
  if (!keyText.ok) return `open ${key ?? ''}: ${keyText.error.message.toLowerCase()}`;
  const chain = parseCertificates(pem.value);
  if (chain.length === 0) return 'tls: failed to find any PEM data in certificate input';
  const parsed = parseKey(keyText.value);
  if (parsed === undefined) return 'tls: failed to find any PEM data in key input';
  return { chain, key: parsed, now: () => clock.now };
}
