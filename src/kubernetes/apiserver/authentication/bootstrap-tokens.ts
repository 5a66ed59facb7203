import { decode } from '../../../linux/io/bytes';
import { fromBase64 } from '../../../linux/net/tls/pem';
import { secret as secretKind } from '../../api/core/secret';
import type { Storage } from '../storage';
import type { User } from './user';

const form = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const groupForm = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/** plugin/pkg/auth/authenticator/token/bootstrap: tokens that `kubeadm join` shows, from Secrets of kube-system. */
export function bootstrapUser(token: string, storage: Storage, now: number): User | undefined {
  const [, id = '', password = ''] = form.exec(token) ?? [];
  if (id === '') return undefined;
  const secret = storage.get(secretKind, 'kube-system', `bootstrap-token-${id}`);
  if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return undefined;
  if (secret.type !== 'bootstrap.kubernetes.io/token') return undefined;
  const data = new Map(Object.entries(secret.data ?? {}));
  const text = (key: string): string => decode(fromBase64(data.get(key) ?? '') ?? new Uint8Array());
  if (text('token-secret') !== password || text('token-id') !== id) return undefined;
  const expiration = text('expiration');
  // A time that is none counts as over.
  if (expiration !== '' && !(Date.parse(expiration) > now)) return undefined;
  if (text('usage-bootstrap-authentication') !== 'true') return undefined;
  const more = text('auth-extra-groups')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (!more.every((each) => groupForm.test(each))) return undefined;
  return { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...new Set(more.sort())] };
}
