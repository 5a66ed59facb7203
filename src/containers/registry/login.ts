import type { Process } from '../../linux/process/types';
import { openRegistry, type Credentials } from './client';
import { dockerEndpoints } from './endpoints';

/** Are these credentials good for a registry? What is wrong otherwise (registry/auth.go loginV2). */
export async function checkLogin(
  dockerd: Process,
  domain: string,
  credentials: Credentials,
): Promise<{ readonly status: number; readonly message: string } | undefined> {
  const opened = await openRegistry(dockerd, dockerEndpoints(dockerd, domain), 'docker/28.5.1', credentials);
  if (!opened.ok) {
    const { error } = opened;
    return { status: 500, message: error.kind === 'transport' ? error.text : error.message };
  }
  const asked = await opened.value.send('GET', '/v2/');
  if (asked.ok) return undefined;
  const { error } = asked;
  if (error.kind === 'transport') return { status: 500, message: error.text };
  return error.status === 401
    ? {
        status: 401,
        message: `login attempt to ${opened.value.endpoint.base}/v2/ failed with status: 401 Unauthorized`,
      }
    : { status: 500, message: error.message };
}
