import type { Scenario } from '../scenario';

const rolesYaml = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ops
  labels: {team: ops}
aggregationRule:
  clusterRoleSelectors:
  - matchLabels: {part-of: ops}
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ops-pods
  labels: {part-of: ops}
rules:
- apiGroups: [""]
  resources: [pods, pods/log]
  verbs: [get, list]
`;

/** Who may do what, asked and shown. */
export const access: Scenario = {
  name: 'access',
  topology: 'seed',
  files: { 'roles.yaml': rolesYaml },
  lines: [
    'kubectl create ns shop',
    'kubectl create sa robot -n shop',
    'kubectl create role reader --verb=get,list,watch --resource=pods,services -n shop',
    'kubectl create rolebinding robot-reads --role=reader --serviceaccount=shop:robot -n shop',
    'kubectl create clusterrole looker --verb=get --resource=nodes --non-resource-url=/metrics',
    'kubectl create clusterrole looker --verb=get --resource=nodes',
    'kubectl create clusterrole bad --verb=get',
    'kubectl create role bad --verb=get --resource=nothing -n shop',
    'kubectl create clusterrolebinding lookers --clusterrole=looker --group=lookers --user=jane',
    'kubectl get role,rolebinding -n shop',
    'kubectl get role,rolebinding -n shop -o wide',
    'kubectl get clusterrolebinding lookers -o wide',
    'kubectl describe role reader -n shop',
    'kubectl describe rolebinding robot-reads -n shop',
    'kubectl describe clusterrole looker',
    'kubectl describe clusterrole view',
    'kubectl describe clusterrolebinding lookers',
    'kubectl get role reader -n shop -o yaml',
    'kubectl get rolebinding robot-reads -n shop -o yaml',
    'kubectl apply -f roles.yaml',
    'settle',
    'kubectl get clusterrole ops -o yaml',
    'kubectl auth can-i list pods -n shop --as=system:serviceaccount:shop:robot',
    'kubectl auth can-i delete pods -n shop --as=system:serviceaccount:shop:robot',
    'kubectl auth can-i list pods --as=system:serviceaccount:shop:robot',
    'kubectl auth can-i get /metrics --as=jane',
    'kubectl auth can-i get nodes --as=bob --as-group=lookers',
    'kubectl auth can-i get nothing --as=bob',
    'kubectl auth can-i use nothing.example.com/x --as=bob -q; echo $?',
    'kubectl auth can-i --list -n shop --as=system:serviceaccount:shop:robot',
    'kubectl auth whoami --as=jane --as-group=lookers',
    'kubectl auth reconcile -f roles.yaml',
    'kubectl get pods -n shop --as=system:serviceaccount:shop:robot',
    'kubectl get pods --as=system:serviceaccount:shop:robot',
    'kubectl get secrets -n shop --as=system:serviceaccount:shop:robot',
    'kubectl delete sa robot -n shop --as=jane',
    'kubectl run x --image=nginx --as=jane',
    'kubectl create deployment x --image=nginx --as=system:serviceaccount:shop:robot -n shop',
    'kubectl get nodes --as=jane',
    'kubectl get node node1 --as=jane -o name',
    'kubectl create role big --verb=* --resource=* -n shop --as=system:serviceaccount:shop:robot',
    'kubectl create quota small --hard=pods=2,requests.cpu=1 -n shop',
    'kubectl get quota -n shop',
    'kubectl describe quota small -n shop',
    'kubectl run one --image=nginx:1.27 -n shop',
    'kubectl get events -n shop',
    'kubectl describe sa robot -n shop',
    'kubectl create token robot -n shop --duration=5m',
    'kubectl create token robot -n shop --duration=5m | wc -c',
    'kubectl create token nobody -n shop',
    'kubectl delete clusterrolebinding lookers',
    'kubectl delete clusterrole looker ops ops-pods',
    'kubectl delete ns shop',
    'kubectl get ns',
  ],
};
