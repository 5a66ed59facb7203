import * as operators from './manifests/operators';
import { example } from './manifests/examples';
import { exercise } from './manifests/learners';
import { documents, namespace, plain } from './manifests/objects';
import { json, text, type Page } from './page';
import { projectOf } from './projects';
import * as scripts from './scripts';

/** The newest version, where a path names a branch. */
const at = (ref: string, newest: string): string => (/^(controller-)?v?\d/.test(ref) ? ref : newest);

interface Source {
  readonly repository: RegExp;
  readonly path: RegExp;
  readonly content: (ref: string, path: string, repository: string) => string | undefined;
}

const knative = (_ref: string, path: string): string =>
  path.includes('crds')
    ? documents(
        ...operators
          .customKinds('serving.knative.dev', 'v1', 'Service Configuration Revision Route')
          .map(operators.crd),
      )
    : operators.operator('controller', 'knative-serving');

const sources: readonly Source[] = [
  {
    repository: /^kubernetes-sigs\/metrics-server$/,
    path: /(components|high-availability).*\.yaml$/,
    content: (ref) => operators.metricsServer(at(ref, 'v0.8.0')),
  },
  {
    repository: /./,
    path: /metrics-server[\w.-]*\.ya?ml$|^components\.yaml$/,
    content: () => operators.metricsServer('v0.8.0'),
  },
  {
    repository: /^kubernetes\/ingress-nginx$/,
    path: /deploy\/.*\.yaml$/,
    content: (ref, path) =>
      operators.ingressNginx(at(ref, 'controller-v1.13.3'), /provider\/([\w-]+)/.exec(path)?.[1] ?? 'cloud'),
  },
  {
    repository: /^(coreos|flannel-io)\/flannel$/,
    path: /kube-flannel.*\.ya?ml$/,
    content: (ref) => operators.flannel(at(ref, 'v0.27.4')),
  },
  { repository: /./, path: /flannel[\w-]*\.ya?ml$/, content: () => operators.flannel('v0.27.4') },
  {
    repository: /^projectcalico\/calico$/,
    path: /tigera-operator\.yaml$|operator-crds\.yaml$/,
    content: (ref) => operators.tigera(at(ref, 'v1.40.0')),
  },
  {
    repository: /^projectcalico\/calico$/,
    path: /custom-resources\.yaml$/,
    content: () => operators.calicoResources(),
  },
  { repository: /./, path: /calico[\w-]*\.ya?ml$/, content: (ref) => operators.calico(at(ref, 'v3.31.0')) },
  { repository: /./, path: /weave[\w.-]*\.ya?ml$/, content: () => operators.weave() },
  {
    repository: /cert-manager$/,
    path: /cert-manager.*\.yaml$/,
    content: (ref) => operators.certManager(at(ref, 'v1.19.1')),
  },
  { repository: /^kubernetes-sigs\/gateway-api$/, path: /install\.yaml$/, content: () => operators.gatewayApi() },
  { repository: /^nginx\/nginx-gateway-fabric$/, path: /crds?.*\.yaml$/, content: () => operators.gatewayApi() },
  {
    repository: /^nginx\/nginx-gateway-fabric$/,
    path: /deploy\.yaml$/,
    content: () => operators.operator('nginx-gateway', 'nginx-gateway', [], 'ghcr.io/nginx/nginx-gateway-fabric:2.2.1'),
  },
  { repository: /\/metallb$/, path: /namespace\.yaml$/, content: () => namespace('metallb-system') },
  { repository: /\/metallb$/, path: /\.yaml$/, content: (ref) => operators.metallb(at(ref, 'v0.15.3')) },
  {
    repository: /^rancher\/local-path-provisioner$/,
    path: /\.yaml$/,
    content: (ref) => operators.localPath(at(ref, 'v0.0.32')),
  },
  {
    repository: /^argoproj\/argo-cd$/,
    path: /crds\/.*\.yaml$/,
    content: () =>
      documents(
        ...operators.customKinds('argoproj.io', 'v1alpha1', 'Application ApplicationSet AppProject').map(operators.crd),
      ),
  },
  { repository: /^argoproj\/argo-cd$/, path: /install\.yaml$/, content: (ref) => operators.argoCd(at(ref, 'v3.2.0')) },
  {
    repository: /^argoproj\/argo-events$/,
    path: /eventbus\/native\.yaml$/,
    content: () =>
      plain(
        'argoproj.io/v1alpha1',
        'EventBus',
        'default',
        'spec:\n  nats:\n    native:\n      replicas: 3\n      auth: token\n',
      ),
  },
  {
    repository: /^argoproj\/argo-events$/,
    path: /\.yaml$/,
    content: () =>
      operators.operator(
        'controller-manager',
        'argo-events',
        operators.customKinds('argoproj.io', 'v1alpha1', 'EventBus EventSource Sensor'),
      ),
  },
  {
    repository: /^argoproj\/argo-(workflows|rollouts)$/,
    path: /install\.yaml$/,
    content: (_ref, _path, repository) =>
      operators.operator(
        repository.endsWith('rollouts') ? 'argo-rollouts' : 'argo-server',
        repository.endsWith('rollouts') ? 'argo-rollouts' : 'argo',
        operators.customKinds(
          'argoproj.io',
          'v1alpha1',
          repository.endsWith('rollouts')
            ? 'Rollout AnalysisRun AnalysisTemplate Experiment'
            : 'Workflow WorkflowTemplate CronWorkflow',
        ),
      ),
  },
  { repository: /^kubernetes\/dashboard$/, path: /\.yaml$/, content: () => operators.dashboard() },
  { repository: /^knative(-extensions)?\//, path: /\.yaml$/, content: knative },
  {
    repository: /^prometheus-operator\/prometheus-operator$/,
    path: /bundle\.yaml$/,
    content: () =>
      operators.operator(
        'prometheus-operator',
        'default',
        operators.customKinds(
          'monitoring.coreos.com',
          'v1',
          'Prometheus ServiceMonitor PodMonitor Alertmanager PrometheusRule',
        ),
        'quay.io/prometheus-operator/prometheus-operator:v0.86.2',
      ),
  },
  {
    repository: /^bitnami-labs\/sealed-secrets$/,
    path: /controller\.yaml$/,
    content: () =>
      operators.operator(
        'sealed-secrets-controller',
        'kube-system',
        operators.customKinds('bitnami.com', 'v1alpha1', 'SealedSecret'),
      ),
  },
  {
    repository:
      /^(open-telemetry\/opentelemetry|open-feature\/open-feature|spinkube\/spin|percona\/percona-server-mongodb|cloudnative-pg\/cloudnative-pg|litmuschaos\/litmus)/,
    path: /\.yaml$/,
    content: (_ref, _path, repository) =>
      operators.operator(
        (repository.split('/')[1] ?? 'operator').replace(/-?operator$/, '') + '-operator',
        `${repository.split('/')[1] ?? 'operator'}-system`,
      ),
  },
  {
    repository: /^cloudnativelabs\/kube-router$/,
    path: /\.yaml$/,
    content: () => operators.operator('kube-router', 'kube-system', [], 'docker.io/cloudnativelabs/kube-router:v2.6.3'),
  },
  {
    repository: /^(kubernetes\/website)$/,
    path: /content\/en\/examples\/.+\.(ya?ml|json)$/,
    content: (_ref, path) => example(path.replace(/^content\/en\/examples\//, '')),
  },
  {
    repository: /^kubernetes\/examples$/,
    path: /guestbook\/.*\.ya?ml$/,
    content: (_ref, path) => example(`application/guestbook/${path.split('/').at(-1) ?? ''}`),
  },

  {
    repository: /^helm\/helm$/,
    path: /^scripts\/get(-helm-3|-helm-4)?$/,
    content: () => scripts.helm(projectOf('helm/helm')?.version ?? 'v3.19.2'),
  },
  {
    repository: /^crossplane\/crossplane$/,
    path: /install\.sh$/,
    content: () => scripts.refusing('crossplane', 'its command line is not in the mirror'),
  },
  {
    repository: /^(anchore|aquasecurity)\/(syft|grype|trivy|tfsec)$/,
    path: /install\.sh$/,
    content: (_ref, _path, repository) => install(repository),
  },
  {
    repository: /^kubernetes-sigs\/kustomize$/,
    path: /install_kustomize\.sh$/,
    content: (_ref, _path, repository) => install(repository),
  },
  {
    repository: /^(k3d-io|rancher)\/k3d$/,
    path: /install\.sh$/,
    content: (_ref, _path, repository) => install(repository),
  },
  {
    repository:
      /^GoogleCloudPlatform\/kubectl-ai$|^krkn-chaos\/|^open-cluster-management-io\/|^nvm-sh\/|^ohmyzsh\/|^gist\/|^istio\/istio$/,
    path: /\.sh$|gistfile|Kubernetes/,
    content: (_ref, path) =>
      scripts.refusing(path.split('/').at(-1) ?? path, 'it would set up a machine, which this lab has done'),
  },
  {
    repository: /^iterative\/dvc$/,
    path: /completion\/dvc\.bash$/,
    content: () =>
      '# Completion of dvc: a stand-in of the lab\'s mirror.\ncomplete -W "add init push pull repro status version" dvc\n',
  },
  {
    repository: /^istio\/istio$/,
    path: /\.jwt$/,
    content: () => 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJsYWIifQ.\n',
  },
  {
    repository: /^istio\/istio$/,
    path: /\.sql$/,
    content: () =>
      "-- A stand-in of the lab's mirror.\nCREATE TABLE ratings (ReviewID INT NOT NULL, Rating INT, PRIMARY KEY (ReviewID));\nINSERT INTO ratings VALUES (1, 5), (2, 4);\n",
  },
];

const install = (repository: string): string | undefined => {
  const project = projectOf(repository);
  if (project === undefined) return undefined;
  const { program, version } = project;
  return scripts.installer(
    program,
    `https://github.com/${repository}/releases/download/${version}/${program}_linux_amd64.tar.gz`,
  );
};

/** Repositories whose files are made by their names alone: exercises, samples. */
const exercises =
  /^(djkormo|killercoda|katacoda|Piotr1215|chadmcrowell|kubernetes-up-and-running|atul-ram|yy158775|javajon|portainer|nirgeier|killer-sh|EOEPCA|Azure-Samples|istio|argoproj|aghilish|kubeskills|openfaas|heptiolabs|christian-kreuzberger-dtx|FairwindsOps|kubernetes|gist|fluent|aws|google)\//;

/** What a repository's file holds in the mirror, if it is there. */
export async function rawFile(repository: string, ref: string, path: string): Promise<Page | undefined> {
  const source = sources.find((each) => each.repository.test(repository) && each.path.test(path));
  const found = source?.content(ref, path, repository);
  if (found !== undefined) return text(found);
  if (!exercises.test(repository) && projectOf(repository) === undefined) return undefined;
  const name = path.split('/').at(-1) ?? path;
  const [, stem = '', end = ''] = /^(.*?)\.(\w+)$/.exec(name) ?? [, name];
  if (/^ya?ml$/.test(end)) {
    const manifest = exercise(stem);
    return manifest === undefined ? undefined : text(manifest);
  }
  if (end === 'json') return json({ comment: "a stand-in of the lab's mirror" });
  if (end === 'md') return text(`# ${repository}\n\nA stand-in of the lab's mirror.\n`);
  if (end === 'sh') return text(scripts.refusing(name, 'the mirror does not have what it does'));
  if (name === 'Dockerfile') return text('FROM busybox:1.37\nCMD ["echo", "hello from the lab\'s mirror"]\n');
  if (end === 'go') return text('package main\n\nfunc main() {\n\tprintln("a stand-in of the lab\'s mirror")\n}\n');
  return undefined;
}
