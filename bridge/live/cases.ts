/** A story told to the real client and to the emulated one, line by line. */
export interface Scenario {
  readonly name: string;
  readonly topology: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Shell lines; `settle` waits until the worlds are quiet. */
  readonly lines: readonly string[];
}

const podYaml = `apiVersion: v1
kind: Pod
metadata:
  name: lone
  labels: {app: lone}
spec:
  containers:
  - name: nginx
    image: nginx:1.27
    ports:
    - containerPort: 80
    resources:
      requests: {cpu: 100m, memory: 64Mi}
      limits: {memory: 128Mi}
    env:
    - {name: COLOR, value: blue}
    livenessProbe:
      httpGet: {path: /, port: 80}
`;
const shopYaml = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 3
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports:
        - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports:
  - port: 80
    targetPort: 80
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  motto: "buy: more"
  file.txt: |
    one
    two
`;
const badYaml = `apiVersion: v1
kind: Pod
metadata:
  name: Bad_Name
spec:
  containers:
  - name: a
    imagee: nginx
`;

const cluster = 'seed';

export const scenarios: readonly Scenario[] = [
  {
    name: 'looking around',
    topology: cluster,
    lines: [
      'kubectl version',
      'kubectl cluster-info',
      'kubectl get nodes',
      'kubectl get nodes -o wide',
      'kubectl get no --show-labels',
      'kubectl get ns',
      'kubectl get pods -A',
      'kubectl get pods -n kube-system -o wide',
      'kubectl get svc -A',
      'kubectl get all',
      'kubectl get all -A',
      'kubectl get deploy,rs,ds -A',
      'kubectl get ep,endpointslices -A',
      'kubectl get events -A',
      'kubectl get pods',
      'kubectl get pods nothing',
      'kubectl get nothing',
      'kubectl get cm -A',
      'kubectl get sa,secret -A',
      'kubectl get leases -A',
      'kubectl api-resources',
      'kubectl api-resources --namespaced=false -o wide',
      'kubectl api-versions',
      'kubectl explain pod',
      'kubectl explain pod.spec.containers.livenessProbe',
      'kubectl explain deployment.spec.strategy',
      'kubectl describe node node1',
      'kubectl describe ns default',
      'kubectl describe svc kubernetes',
      'kubectl describe ds -n kube-system kube-proxy',
      'kubectl describe deploy -n kube-system coredns',
      'kubectl get node node1 -o yaml',
      'kubectl get node node1 -o json',
      `kubectl get nodes -o jsonpath='{.items[*].metadata.name}'`,
      `kubectl get nodes -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.status.addresses[0].address}{"\\n"}{end}'`,
      `kubectl get pods -A -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName`,
      `kubectl get pods -n kube-system -o go-template='{{range .items}}{{.metadata.name}}{{"\\n"}}{{end}}'`,
      'kubectl get pods -n kube-system --sort-by=.metadata.name',
      'kubectl get pods -A -l k8s-app=kube-dns --no-headers',
      'kubectl get pods -A --field-selector spec.nodeName=node1',
      'kubectl get pods -A -o name',
      'kubectl auth can-i create pods',
      'kubectl auth whoami',
      'kubectl config view',
      'kubectl config get-contexts',
      'kubectl config current-context',
      'kubectl top nodes',
      'kubectl get --raw /version',
      'kubectl get --raw /nothing',
      'kubectl get pods -A -o wide --show-kind',
      'kubectl get pod -n kube-system etcd-controlplane -o jsonpath={.spec.containers[0].command}',
      'kubectl get pods -A --as=bob',
      'kubectl get nodes node1 nothing',
      'kubectl get nodes,pods,foo',
      'kubectl get deploy -A -o yaml',
      'kubectl get pods -n nothing',
      'kubectl get svc -A -o wide',
      'kubectl get nodes -L kubernetes.io/os',
      'kubectl get cm -n kube-system coredns -o yaml',
      'kubectl get cm -n kube-system coredns -o jsonpath={.data.Corefile}',
      'kubectl describe pods -n kube-system',
      'kubectl describe nodes',
      'kubectl describe cm -n kube-system coredns',
      'kubectl describe ep -A',
      'kubectl describe endpointslices -A',
      'kubectl describe lease -n kube-node-lease node1',
      'kubectl describe nothing',
      'kubectl describe pod nothing',
      'kubectl logs -n kube-system deploy/coredns',
      'kubectl logs -n kube-system etcd-controlplane --tail=3',
      'kubectl',
      'kubectl get',
      'kubectl frobnicate',
      'kubectl get --nothing',
      'kubectl get pods -o nothing',
      'kubectl get --raw /healthz',
    ],
  },
  {
    name: 'imperative',
    topology: cluster,
    lines: [
      'kubectl create deployment web --image=nginx:1.27 --replicas=2',
      'kubectl create deployment web --image=nginx:1.27',
      'kubectl expose deployment web --port=80',
      'kubectl run one --image=nginx:1.27 --labels=app=one',
      'kubectl create configmap conf --from-literal=a=b --from-literal=c=d',
      'kubectl create secret generic pass --from-literal=user=me',
      'kubectl create namespace team',
      'kubectl create serviceaccount bot',
      'settle',
      'kubectl get all',
      'kubectl get deploy web -o yaml',
      'kubectl get deploy -o wide',
      'kubectl get rs -o wide',
      'kubectl describe deploy web',
      'kubectl describe rs',
      'kubectl describe svc web',
      'kubectl describe pod one',
      'kubectl describe cm conf',
      'kubectl describe secret pass',
      'kubectl describe ns team',
      'kubectl describe sa bot',
      'kubectl get svc web -o yaml',
      'kubectl get pod one -o yaml',
      'kubectl get cm conf -o yaml',
      'kubectl get secret pass -o json',
      'kubectl get endpointslices',
      'kubectl rollout status deployment web',
      'kubectl rollout history deployment web',
      'kubectl scale deployment web --replicas=4',
      'settle',
      'kubectl get pods',
      'kubectl set image deployment/web nginx=nginx:1.28',
      'kubectl rollout status deployment/web --timeout=60s',
      'settle',
      'kubectl get rs',
      'kubectl rollout history deployment/web',
      'kubectl rollout undo deployment/web',
      'settle',
      'kubectl rollout history deployment/web',
      'kubectl rollout restart deployment/web',
      'settle',
      'kubectl label pod one tier=front',
      'kubectl label pod one tier=back',
      'kubectl label pod one tier-',
      'kubectl annotate pod one note="hello there"',
      'kubectl get pod one --show-labels',
      'kubectl logs one',
      'kubectl logs nothing',
      'kubectl exec one -- hostname',
      'kubectl exec one -- cat /etc/os-release',
      'kubectl exec one -- sh -c "exit 3"',
      'echo hello | kubectl exec -i one -- cat',
      'kubectl exec one -- nothing',
      `kubectl patch deployment web -p '{"spec":{"replicas":1}}'`,
      `kubectl patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":2}]'`,
      'kubectl cordon node1',
      'kubectl get nodes',
      'kubectl uncordon node1',
      'kubectl taint nodes node2 a=b:NoSchedule',
      'kubectl taint nodes node2 a=b:NoSchedule-',
      'kubectl events',
      'kubectl delete pod one',
      'kubectl delete pod one',
      'kubectl delete deployment,svc web',
      'kubectl delete ns team',
      'kubectl get all',
    ],
  },
  {
    name: 'declarative',
    topology: cluster,
    files: {
      'pod.yaml': podYaml,
      'shop.yaml': shopYaml,
      'bad.yaml': badYaml,
      'shop2.yaml': shopYaml.replace('replicas: 3', 'replicas: 2').replace('"buy: more"', 'sell'),
    },
    lines: [
      'kubectl apply -f pod.yaml --dry-run=client',
      'kubectl apply -f pod.yaml --dry-run=server',
      'kubectl diff -f shop.yaml >/dev/null; echo $?',
      'kubectl apply -f pod.yaml',
      'kubectl apply -f shop.yaml',
      'kubectl apply -f shop.yaml',
      'kubectl apply -f bad.yaml',
      'kubectl create -f pod.yaml',
      'kubectl create -f bad.yaml --validate=false',
      'settle',
      'kubectl get -f shop.yaml',
      'kubectl get pod lone -o yaml',
      'kubectl describe pod lone',
      'kubectl apply -f shop2.yaml',
      'settle',
      'kubectl get deploy shop -o yaml',
      'kubectl get cm shop -o yaml',
      'kubectl apply view-last-applied cm shop',
      'kubectl replace -f shop.yaml',
      'kubectl apply --server-side -f shop.yaml',
      'kubectl apply --server-side -f shop.yaml --force-conflicts',
      'kubectl get deploy shop -o yaml --show-managed-fields',
      'kubectl wait --for=condition=Available deploy/shop --timeout=20s',
      'kubectl wait --for=condition=Ready pod/lone --timeout=20s',
      'kubectl delete -f shop.yaml',
      'kubectl delete -f shop.yaml --ignore-not-found',
      'kubectl delete -f pod.yaml',
      'kubectl create deployment x --image=nginx --dry-run=client -o yaml',
      'kubectl run x --image=nginx --dry-run=client -o yaml --port=80 --env=A=b -- sleep 5',
      'kubectl create cm x --from-literal=a=b --dry-run=client -o yaml',
    ],
  },
  {
    name: 'trouble',
    topology: cluster,
    files: {
      'bad-image.yaml': podYaml.replace('nginx:1.27', 'nginx:no-such-tag').replaceAll('lone', 'badimage'),
      'crash.yaml': podYaml
        .replaceAll('lone', 'crash')
        .replace('image: nginx:1.27', 'image: busybox\n    command: [sh, -c, "echo no; exit 3"]'),
      'big.yaml': podYaml.replaceAll('lone', 'big').replace('cpu: 100m', 'cpu: "100"'),
      'invalid.yaml': podYaml.replace('containerPort: 80', 'containerPort: 80000').replace('cpu: 100m', 'cpu: 100x'),
      'type.yaml': podYaml.replace('containerPort: 80', 'containerPort: eighty'),
      'kind.yaml': podYaml.replace('kind: Pod', 'kind: Pot'),
      'version.yaml': podYaml.replace('apiVersion: v1', 'apiVersion: v7'),
      'broken.yaml': podYaml.replace('spec:', 'spec'),
      'mismatch.yaml': shopYaml.replace('matchLabels: {app: shop}', 'matchLabels: {app: shep}'),
    },
    lines: [
      'kubectl apply -f bad-image.yaml -f crash.yaml -f big.yaml',
      'kubectl apply -f invalid.yaml',
      'kubectl apply -f type.yaml',
      'kubectl apply -f kind.yaml',
      'kubectl apply -f version.yaml',
      'kubectl apply -f broken.yaml',
      'kubectl apply -f mismatch.yaml',
      'kubectl apply -f no-such-file.yaml',
      'kubectl create deployment Bad_Name --image=nginx',
      'kubectl create deployment noimage',
      'kubectl create ns default',
      'kubectl run Bad_Name --image=nginx',
      'kubectl expose deployment nothing --port=80',
      'kubectl scale deployment nothing --replicas=2',
      'kubectl set image deployment/shop web=nginx:1.28 nothing=x',
      'kubectl label pod crash -',
      'kubectl delete pod nothing',
      'kubectl delete nothing x',
      'kubectl rollout undo deployment/shop',
      'settle',
      'kubectl get pods',
      'kubectl get pods -o wide',
      'kubectl describe pod badimage',
      'kubectl describe pod crash',
      'kubectl describe pod big',
      'kubectl logs crash',
      'kubectl logs crash --previous',
      'kubectl logs badimage',
      'kubectl exec badimage -- ls',
      'kubectl exec big -- ls',
      'kubectl get events --sort-by=.lastTimestamp',
      'kubectl get pod crash -o yaml',
      'kubectl wait --for=condition=Ready pod/big --timeout=1s',
      'kubectl delete pod --all',
      'kubectl get pods',
    ],
  },
  {
    name: 'docker',
    topology: 'docker',
    lines: [
      'docker version --format "{{.Server.Version}}"',
      'docker ps',
      'docker images',
      'docker pull nginx:1.27 -q',
      'docker images',
      'docker run -d --name web -p 8080:80 nginx:1.27',
      'docker ps',
      'docker ps --format "{{.Names}} {{.Status}} {{.Ports}}"',
      'docker port web',
      'docker logs web',
      'docker exec web hostname -i',
      'docker exec web sh -c "exit 4"',
      'docker exec nothing ls',
      'docker inspect web --format "{{.State.Status}} {{.NetworkSettings.IPAddress}}"',
      'docker inspect web',
      'docker run --rm busybox echo hello',
      'echo hi | docker run --rm -i busybox cat',
      'docker run --name failing busybox sh -c "echo out; echo err >&2; exit 5"',
      'docker logs failing',
      'docker ps -a --format "{{.Names}} {{.Status}}"',
      'docker run --name web nginx:1.27',
      'docker run no-such-image-at-all',
      'docker top web | wc -l',
      'docker stats --no-stream --format "{{.Name}}" web',
      'docker stop web',
      'docker start web',
      'docker restart web',
      'docker rename web www',
      'docker kill www',
      'docker rm www',
      'docker rm www failing',
      'docker network ls --format "{{.Name}} {{.Driver}}"',
      'docker network create net1 >/dev/null; docker network inspect net1',
      'docker network rm net1',
      'docker volume create data',
      'docker volume ls',
      'docker run --rm -v data:/d busybox sh -c "echo x > /d/f; ls /d"',
      'docker volume rm data',
      'docker image inspect nginx:1.27 --format "{{.Config.Cmd}} {{.Os}}"',
      'docker history nginx:1.27 --format "{{.Size}}"',
      'docker tag nginx:1.27 mine:1',
      'docker rmi mine:1',
      'docker images -q | wc -l',
      'docker info --format "{{.Name}} {{.Driver}}"',
      'docker system df',
    ],
  },
];
