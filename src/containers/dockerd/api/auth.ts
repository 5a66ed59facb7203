import { decode } from '../../../linux/io/bytes';
import { fromBase64 } from '../../../linux/net/tls/pem';
import type { Response } from '../../../linux/net/http/message';
import type { Credentials } from '../../registry/client';
import { ApiProblem, failure, json, readJson, type Call, type Route } from './respond';

interface AuthConfig {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

/** The header X-Registry-Auth: base64url of JSON (api/types/registry/authconfig.go). */
export function credentialsOf({ request }: Call): Credentials | undefined {
  const header = request.headers.get('X-Registry-Auth') ?? '';
  if (header === '') return undefined;
  try {
    return credentialsFrom(JSON.parse(fromBase64Url(header)) as AuthConfig);
  } catch {
    throw new ApiProblem(400, 'invalid X-Registry-Auth header: invalid JSON');
  }
}

/** The header X-Registry-Config of builds: the same for each registry the client is logged in to, by its host. */
export function allCredentialsOf({ request }: Call): ReadonlyMap<string, Credentials> {
  const header = request.headers.get('X-Registry-Config') ?? '';
  if (header === '') return new Map();
  try {
    const all = Object.entries(JSON.parse(fromBase64Url(header)) as Readonly<Record<string, AuthConfig>>);
    return new Map(all.map(([server, auth]) => [hostOf(server), credentialsFrom(auth)]));
  } catch {
    // It is only a help: a header that cannot be read is none.
    return new Map();
  }
}

const hostOf = (server: string): string => {
  const host = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === 'index.docker.io' ? 'docker.io' : host;
};

const fromBase64Url = (text: string): string =>
  decode(fromBase64(text.replaceAll('-', '+').replaceAll('_', '/')) ?? new Uint8Array());

function credentialsFrom({ username, password, auth, identitytoken }: AuthConfig): Credentials {
  const [, user, secret] = /^([^:]*):(.*)$/s.exec(decode(fromBase64(auth ?? '') ?? new Uint8Array())) ?? [];
  const name = username ?? user;
  const word = password ?? secret;
  return {
    ...(name === undefined ? {} : { username: name }),
    ...(word === undefined ? {} : { password: word }),
    ...(identitytoken === undefined ? {} : { identitytoken }),
  };
}

/** POST /auth: `docker login`. */
async function login(call: Call): Promise<Response> {
  const given = (await readJson<AuthConfig>(call)) ?? {};
  const { username = '', password = '' } = given;
  const address = (given.serveraddress ?? '').replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const { clock, dockerd } = call.engine.options;
  const isHub = ['', 'index.docker.io', 'docker.io', 'registry-1.docker.io'].includes(address);
  const reference = { domain: isHub ? 'docker.io' : address, path: 'library/hello-world' };
  if (call.engine.images.isPublic(reference)) {
    // Nobody has an account there: this world's internet has no people.
    const message = isHub
      ? 'Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password'
      : `Get "https://${address}/v2/": denied: denied`;
    return failure({ status: username === '' ? 400 : 401, message });
  }
  const { checkLogin } = await clock.external(() => import('../../registry/login'));
  const refused = await checkLogin(dockerd, address, { username, password });
  if (refused !== undefined) return failure(refused);
  return json({ IdentityToken: '', Status: 'Login Succeeded' });
}

export const authRoutes: readonly Route[] = [['POST', /^\/auth$/, login]];
