import { Random } from '../../../sim/random';
import { certificatePem, createCa, issue, type Identity } from './certificate';

/** From when the public authority's certificates are valid; long before any world begins. */
const since = Date.UTC(2020, 0, 1);
/** Twenty-five years, as the authorities of the real internet take it. Days. */
const lifetime = 9131;

let root: Identity | undefined;

/** The authority of the simulated internet. The same in all worlds, since images and hosts carry its certificate. */
function publicRoot(): Identity {
  root ??= createCa({
    subject: { commonName: 'Bottleship Root X1', organizations: ['Bottleship Internet Security Group'] },
    random: new Random(0x1509),
    now: since,
    days: lifetime,
  });
  return root;
}

/** What /etc/ssl/certs/ca-certificates.crt holds on every host and in every image that has the package. */
export const publicBundle = (): string => certificatePem(publicRoot().certificate);

const servers = new Map<string, Identity>();

/** The certificate of a public web server. */
export function publicIdentity(name: string): Identity {
  const known = servers.get(name);
  if (known !== undefined) return known;
  const identity = issue({
    subject: { commonName: name },
    sans: [name],
    issuer: publicRoot(),
    random: new Random(0x1509).fork(name),
    now: since,
    days: lifetime,
    usages: ['server auth'],
  });
  servers.set(name, identity);
  return identity;
}
