import type { Response } from '../../../linux/net/http/message';
import { apiGroups } from '../aggregator/groups';
import type { Exchange } from './exchange';
import { healthPaths } from './healthz';
import { answerText } from './respond';

const fixed = [
  '/.well-known/openid-configuration',
  '/api',
  '/apis',
  '/apis/',
  '/metrics',
  '/metrics/slis',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/version',
];

/** `/`: every path that there is (routes/index.go). */
export function rootPaths({ server }: Exchange): Response {
  const groups = apiGroups(server.registry.storage).flatMap(({ name, versions }) => {
    const root = name === '' ? '/api' : `/apis/${name}`;
    return [root, ...versions.map(({ version }) => `${root}/${version}`)];
  });
  return answerText(
    200,
    JSON.stringify({ paths: [...new Set([...fixed, ...healthPaths, ...groups])].sort() }, null, 2),
  );
}
