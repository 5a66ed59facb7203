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
  const bytes = fromBase64(header.replaceAll('-', '+').replaceAll('_', '/'));
  try {
    const { username, password, auth, identitytoken } = JSON.parse(decode(bytes ?? new Uint8Array())) as AuthConfig;
    const [, user, secret] = /^([^:]*):(.*)$/s.exec(decode(fromBase64(auth ?? '') ?? new Uint8Array())) ?? [];
    const name = username ?? user;
    const word = password ?? secret;
    return {
      ...(name === undefined ? {} : { username: name }),
      ...(word === undefined ? {} : { password: word }),
      ...(identitytoken === undefined ? {} : { identitytoken }),
    };
  } catch {
    throw new ApiProblem(400, 'invalid X-Registry-Auth header: invalid JSON');
  }
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
