import { forbidden, type Status } from '../../apimachinery/status';
import type { User } from './authenticate';
import type { RequestInfo } from './request-info';

/** Decides; RBAC takes this place when its kinds are there. `false`: no opinion, hence forbidden. */
export type Authorizer = (user: User, info: RequestInfo) => boolean;

const open = /^\/(healthz|livez|readyz|version)(\/|$)/;
/** system:discovery and system:public-info-viewer. */
const discovery = /^\/(api|apis|openapi|version|healthz|livez|readyz|\.well-known)(\/|$)/;

/** Until RBAC: administrators and the cluster's own components may do all, everybody may look at what there is. */
export const authorizeThin: Authorizer = ({ name, groups }, { isResource, path, method, group, resource }) => {
  if (groups.includes('system:masters')) return true;
  if (name === 'system:kube-controller-manager' || name === 'system:kube-scheduler' || name === 'system:kube-proxy')
    return true;
  if (groups.includes('system:nodes') || groups.includes('system:serviceaccounts:kube-system')) return true;
  if (groups.includes('kubeadm:cluster-admins')) return true;
  if (!isResource) return method === 'GET' && (groups.includes('system:authenticated') ? discovery : open).test(path);
  return groups.includes('system:authenticated') && selfReview(group, resource);
};

/** system:basic-user. */
const selfReview = (group: string, resource: string): boolean =>
  (group === 'authorization.k8s.io' && /^selfsubject(access|rules)reviews$/.test(resource)) ||
  (group === 'authentication.k8s.io' && resource === 'selfsubjectreviews');

/** The 403 in upstream's words: authorization's responsewriters. */
export function forbiddenTo({ name: user }: User, info: RequestInfo): Status {
  if (!info.isResource)
    return {
      ...forbidden({ group: '', plural: '' }, '', `User "${user}" cannot ${info.verb} path "${info.path}"`),
      details: {},
    };
  const { verb, group, resource, subresource, namespace, name } = info;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return forbidden(
    { group, plural: resource },
    name,
    `User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`,
  );
}
