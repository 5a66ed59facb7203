import type { Secret } from '../../api/core/secret';
import { decode } from '../../../linux/io/bytes';
import { fromBase64 } from '../../../linux/net/tls/pem';

/** Bootstrap tokens as secrets. Upstream: k8s.io/cluster-bootstrap/token/util, pkg/controller/bootstrap */
export const TOKEN_TYPE = 'bootstrap.kubernetes.io/token';
export const TOKEN_NAMESPACE = 'kube-system';

export const dataOf = ({ data = {} }: Secret, key: string): string => {
  const value = Object.hasOwn(data, key) ? data[key] : undefined;
  const bytes = value === undefined ? undefined : fromBase64(value);
  return bytes === undefined ? '' : decode(bytes);
};

/** GetExpiration: virtual milliseconds until the end; undefined: none; what cannot be read is over. */
export function timeLeft(secret: Secret, now: number): number | undefined {
  const text = dataOf(secret, 'expiration');
  if (text === '') return undefined;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.max(at - now, 0);
}
