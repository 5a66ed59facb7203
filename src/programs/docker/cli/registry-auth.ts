import { decode, encode } from '../../../linux/io/bytes';
import { base64, fromBase64 } from '../../../linux/net/tls/pem';
import type { ConfigFile } from './context-store';

/** Docker Hub's name in config.json. */
export const indexServer = 'https://index.docker.io/v1/';

/** Under which name config.json has a registry's credentials. */
export const authKey = (domain: string): string =>
  ['docker.io', 'index.docker.io', 'registry-1.docker.io'].includes(domain) ? indexServer : domain;

export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

/** What `docker login` left for a registry. */
export function storedAuth({ auths = {} }: ConfigFile, domain: string): RegistryAuth | undefined {
  const key = authKey(domain);
  const entry = auths[key] ?? auths[`https://${domain}`] ?? auths[`http://${domain}`];
  const text = decode(fromBase64(entry?.auth ?? '') ?? new Uint8Array());
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1), serveraddress: key };
}

/** The header by which a builder gets all of them. */
export function allAuths(config: ConfigFile): Readonly<Record<string, string>> {
  const all = Object.keys(config.auths ?? {}).flatMap((server) => {
    const auth = storedAuth(config, server);
    return auth === undefined ? [] : [[server, { ...auth, serveraddress: server }] as const];
  });
  if (all.length === 0) return {};
  const json = JSON.stringify(Object.fromEntries(all));
  return { 'X-Registry-Config': base64(encode(json)).replaceAll('+', '-').replaceAll('/', '_') };
}

/** The header by which the engine gets them: base64url of JSON. */
export function authHeader(config: ConfigFile, domain: string): Readonly<Record<string, string>> {
  const json = JSON.stringify(storedAuth(config, domain) ?? {});
  return { 'X-Registry-Auth': base64(encode(json)).replaceAll('+', '-').replaceAll('/', '_') };
}
