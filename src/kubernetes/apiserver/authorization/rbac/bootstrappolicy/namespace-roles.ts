import type { RoleTable } from './rule-text';

/** namespace_policy.go: the roles of the system namespaces. */
export const namespaceRoles: Readonly<Record<string, RoleTable>> = {
  'kube-public': {
    'system:controller:bootstrap-signer': [
      'get,list,watch core configmaps',
      'update core configmaps cluster-info',
      'create,patch,update core,events.k8s.io events',
    ],
  },
  'kube-system': {
    'extension-apiserver-authentication-reader': ['get,list,watch core configmaps extension-apiserver-authentication'],
    'system::leader-locking-kube-controller-manager': [
      'watch core configmaps',
      'get,update core configmaps kube-controller-manager',
      'create,get,list,update,watch coordination.k8s.io leases',
      'create,get,list,update,watch coordination.k8s.io leasecandidates',
    ],
    'system::leader-locking-kube-scheduler': [
      'watch core configmaps',
      'get,update core configmaps kube-scheduler',
      'create,get,list,update,watch coordination.k8s.io leases',
      'create,get,list,update,watch coordination.k8s.io leasecandidates',
    ],
    'system:controller:bootstrap-signer': ['get,list,watch core secrets'],
    'system:controller:cloud-provider': ['create,get,list,watch core configmaps'],
    'system:controller:token-cleaner': [
      'delete,get,list,watch core secrets',
      'create,patch,update core,events.k8s.io events',
    ],
  },
};

/** Who has a role: `User NAME`, `Group NAME` or `ServiceAccount NAMESPACE/NAME`, by the name of binding and role. */
export type BindingTable = Readonly<Record<string, readonly string[]>>;

const account = (name: string): string => `ServiceAccount kube-system/${name}`;
const manager = 'User system:kube-controller-manager';
const scheduler = 'User system:kube-scheduler';

export const namespaceBindings: Readonly<Record<string, BindingTable>> = {
  'kube-public': { 'system:controller:bootstrap-signer': [account('bootstrap-signer')] },
  'kube-system': {
    'system::extension-apiserver-authentication-reader': [manager, scheduler],
    'system::leader-locking-kube-controller-manager': [
      manager,
      account('kube-controller-manager'),
      account('leader-election-controller'),
    ],
    'system::leader-locking-kube-scheduler': [scheduler, account('kube-scheduler')],
    'system:controller:bootstrap-signer': [account('bootstrap-signer')],
    'system:controller:cloud-provider': [account('cloud-provider')],
    'system:controller:token-cleaner': [account('token-cleaner')],
  },
};

/** The one binding that has another name than its role. */
export const roleOfBinding: Readonly<Record<string, string>> = {
  'system::extension-apiserver-authentication-reader': 'extension-apiserver-authentication-reader',
};

const authenticated = 'Group system:authenticated';

/** policy.go, ClusterRoleBindings; each controller's has the controller's own name. */
export const clusterBindings: BindingTable = {
  'cluster-admin': ['Group system:masters'],
  'system:monitoring': ['Group system:monitoring'],
  'system:discovery': [authenticated],
  'system:basic-user': [authenticated],
  'system:public-info-viewer': [authenticated, 'Group system:unauthenticated'],
  'system:node-proxier': ['User system:kube-proxy'],
  'system:kube-controller-manager': [manager],
  'system:kube-dns': [account('kube-dns')],
  'system:kube-scheduler': [scheduler],
  'system:volume-scheduler': [scheduler],
  'system:service-account-issuer-discovery': ['Group system:serviceaccounts'],
  // Nobody: nodes are authorized by the Node authorizer.
  'system:node': [],
};
