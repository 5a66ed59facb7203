import {
  clusterRole,
  clusterRoleBinding,
  role,
  roleBinding,
  type PolicyRule,
  type RoleRef,
  type Subject,
} from '../../kubernetes/api/rbac/rbac';
import type { Kind } from '../../kubernetes/apimachinery/kind';
import type { ApiObject, Draft } from '../../kubernetes/apimachinery/object';
import type { RegistryClient } from '../../kubernetes/apiserver/registry';

const apiGroup = 'rbac.authorization.k8s.io';
const group = (name: string): Subject => ({ kind: 'Group', apiGroup, name });
const user = (name: string): Subject => ({ kind: 'User', apiGroup, name });
const account = (namespace: string, name: string): Subject => ({ kind: 'ServiceAccount', name, namespace });
const bootstrappers = group('system:bootstrappers:kubeadm:default-node-token');

type Labels = Readonly<Record<string, string>>;

/** Roles and bindings go in as they are written here; the server fills in the rest. */
function put(client: RegistryClient, kind: Kind, draft: object): void {
  const created = client.create(kind, draft as Draft<ApiObject>);
  if (!created.ok && created.error.reason !== 'AlreadyExists') throw new Error(created.error.message);
}

function bind(client: RegistryClient, name: string, roleName: string, subject: Subject, labels?: Labels): void {
  const roleRef: RoleRef = { apiGroup, kind: 'ClusterRole', name: roleName };
  put(client, clusterRoleBinding, { metadata: { name, ...(labels && { labels }) }, roleRef, subjects: [subject] });
}

function bindLocally(
  client: RegistryClient,
  namespace: string,
  name: string,
  rules: readonly PolicyRule[],
  subjects: readonly Subject[],
): void {
  put(client, role, { metadata: { name, namespace }, rules });
  put(client, roleBinding, { metadata: { name, namespace }, roleRef: { apiGroup, kind: 'Role', name }, subjects });
}

const getConfigMap = (name: string): PolicyRule => ({
  verbs: ['get'],
  apiGroups: [''],
  resources: ['configmaps'],
  resourceNames: [name],
});

/** Whom admin.conf is for: kubeadm makes the binding with super-admin.conf before anything else. */
export const bindClusterAdmins = (client: RegistryClient): void =>
  bind(client, 'kubeadm:cluster-admins', 'cluster-admin', group('kubeadm:cluster-admins'));

/** What `kubeadm init` lets itself, joining nodes and its addons do: cmd/kubeadm/app/phases. */
export function applyKubeadmRbac(client: RegistryClient): void {
  const certificates = 'system:certificates.k8s.io:certificatesigningrequests';
  bindClusterAdmins(client);
  bind(client, 'kubeadm:apiserver-kubelet-client', 'system:kubelet-api-admin', user('kube-apiserver-kubelet-client'));
  const nodes = { verbs: ['get'], apiGroups: [''], resources: ['nodes'] };
  put(client, clusterRole, { metadata: { name: 'kubeadm:get-nodes' }, rules: [nodes] });
  bind(client, 'kubeadm:get-nodes', 'kubeadm:get-nodes', bootstrappers);
  bind(client, 'kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', bootstrappers);
  bind(client, 'kubeadm:node-autoapprove-bootstrap', `${certificates}:nodeclient`, bootstrappers);
  bind(
    client,
    'kubeadm:node-autoapprove-certificate-rotation',
    `${certificates}:selfnodeclient`,
    group('system:nodes'),
  );
  bind(client, 'kubeadm:node-proxier', 'system:node-proxier', account('kube-system', 'kube-proxy'));
  bindLocally(
    client,
    'kube-public',
    'kubeadm:bootstrap-signer-clusterinfo',
    [getConfigMap('cluster-info')],
    [user('system:anonymous')],
  );
  bindLocally(client, 'kube-system', 'kube-proxy', [getConfigMap('kube-proxy')], [bootstrappers]);
  const joining = [group('system:nodes'), bootstrappers];
  bindLocally(client, 'kube-system', 'kubeadm:kubelet-config', [getConfigMap('kubelet-config')], joining);
  const ours = [bootstrappers, group('system:nodes')];
  bindLocally(client, 'kube-system', 'kubeadm:nodes-kubeadm-config', [getConfigMap('kubeadm-config')], ours);
  applyCoredns(client);
}

const watched = ['list', 'watch'];

function applyCoredns(client: RegistryClient): void {
  put(client, clusterRole, {
    metadata: { name: 'system:coredns' },
    rules: [
      { verbs: watched, apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'] },
      { verbs: watched, apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
    ],
  });
  bind(client, 'system:coredns', 'system:coredns', account('kube-system', 'coredns'));
}

/** Of kube-flannel.yml. */
export function applyFlannelRbac(client: RegistryClient): void {
  const labels = { 'k8s-app': 'flannel' };
  put(client, clusterRole, {
    metadata: { name: 'flannel', labels },
    rules: [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['nodes'] },
      { verbs: ['patch'], apiGroups: [''], resources: ['nodes/status'] },
    ],
  });
  bind(client, 'flannel', 'flannel', account('kube-flannel', 'flannel'), labels);
}
