import { armored, release } from './binaries';
import { html, json, redirect, text, type Asked, type Page } from './page';
import { projectOf } from './projects';
import * as scripts from './scripts';

type Answer = Page | Promise<Page>;

/** A page of a host. `path` is matched with its query. */
export interface Rule {
  readonly host: string;
  readonly path: RegExp;
  readonly page: (found: readonly (string | undefined)[], asked: Asked) => Answer;
}

export const versionOf = (repository: string): string => projectOf(repository)?.version ?? 'v0.0.0';
const githubRelease = (repository: string, name: string): string =>
  `https://github.com/${repository}/releases/download/${versionOf(repository)}/${name}`;

const simple = (title: string): Page =>
  html(
    `<!doctype html>\n<html>\n<head>\n    <title>${title}</title>\n</head>\n<body>\n<div>\n    <h1>${title}</h1>\n` +
      `    <p>This page is a stand-in of the lab's internet.</p>\n</div>\n</body>\n</html>\n`,
  );

/** A host that answers one simple page at any path. */
const site = (host: string, title: string): Rule => ({ host, path: /^/, page: () => simple(title) });
const script = (host: string, path: RegExp, body: string): Rule => ({ host, path, page: () => text(body) });
const key = (host: string, path: RegExp): Rule => ({ host, path, page: ([found = '']) => text(armored(host + found)) });
const found = (value: object | undefined): Page =>
  value === undefined ? { status: 404, body: '404 Not Found' } : json(value);
const wide = 'it would set up a whole system, which this lab does not run';

const kubernetesVersion = 'v1.33.13';

export const rules: readonly Rule[] = [
  // Kubernetes' own
  { host: 'k8s.io', path: /^\/(.*)$/, page: ([, path = '']) => redirect(`https://kubernetes.io/${path}`, 301) },
  {
    host: 'www.kubernetes.io',
    path: /^\/(.*)$/,
    page: ([, path = '']) => redirect(`https://kubernetes.io/${path}`, 301),
  },
  { host: 'dl.k8s.io', path: /^\/(.*)$/, page: ([, path = '']) => redirect(`https://cdn.dl.k8s.io/${path}`) },
  {
    host: 'cdn.dl.k8s.io',
    path: /^\/release\/(stable|latest)(-1(?:\.\d+)?)?\.txt$/,
    page: ([, , minor = '']) =>
      text(/^-1\.\d+$/.test(minor) ? `v${minor.slice(1)}.${minor === '-1.33' ? 13 : 0}` : kubernetesVersion),
  },
  {
    host: 'cdn.dl.k8s.io',
    path: /^\/(?:release\/)?(v1\.\d+\.\d+)\/bin\/linux\/(?:amd64|arm64)\/(kube[a-z]+)$/,
    page: ([, version = '', program = '']) => release(program, program, version),
  },
  {
    host: 'pkgs.k8s.io',
    path: /^(\/.*)$/,
    page: ([, path = '']) => redirect(`https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:${path}`),
  },
  key('prod-cdn.packages.k8s.io', /\/Release\.key$/),
  key('packages.cloud.google.com', /(apt-key|rpm-package-key|yum-key)\.gpg$/),
  {
    host: 'storage.googleapis.com',
    path: /^\/kubernetes-release\/release\/stable\.txt$/,
    page: () => text(kubernetesVersion),
  },
  {
    host: 'storage.googleapis.com',
    path: /^\/kubernetes-release\/release\/(v1\.\d+\.\d+)\/bin\/linux\/amd64\/(kube[a-z]+)$/,
    page: ([, version = '', program = '']) => release(program, program, version),
  },
  {
    host: 'storage.googleapis.com',
    path: /^\/(minikube|skaffold)\/releases\/[^/]+\/(.+)$/,
    page: ([, program = '', name = '']) => release(name, program, 'latest'),
  },
  {
    host: 'storage.googleapis.com',
    path: /^\/tekton-releases\/([a-z]+)\/.*\.yaml$/,
    page: async ([, name = '']) =>
      text((await import('./manifests/operators')).operator(`tekton-${name}`, 'tekton-pipelines')),
  },
  {
    host: 'kind.sigs.k8s.io',
    path: /^\/dl\/([^/]+)\/kind-linux-a/,
    page: ([, version = '']) => release('kind', 'kind', version),
  },
  {
    host: 'go.kubebuilder.io',
    path: /^\/dl\//,
    page: () => redirect(githubRelease('kubernetes-sigs/kubebuilder', 'kubebuilder_linux_amd64')),
  },

  // Helm
  {
    host: 'get.helm.sh',
    path: /^\/helm-(v[\d.]+)-linux-amd64\.tar\.gz$/,
    page: ([name = '', version = '']) => release(name, 'helm', version),
  },
  { host: 'get.helm.sh', path: /^\/helm-latest-version$/, page: () => text(`${versionOf('helm/helm')}\n`) },

  // Installers
  script('istio.io', /^\/downloadIstio/, scripts.istio(versionOf('istio/istio'))),
  script('get.istio.io', /^\/downloadIstio/, scripts.istio(versionOf('istio/istio'))),
  { host: 'git.io', path: /^\/getLatestIstio/, page: () => redirect('https://istio.io/downloadIstio') },
  script(
    'get.k3s.io',
    /^/,
    scripts.refusing('k3s', 'it would start a Kubernetes of its own beside the one of this lab'),
  ),
  script('get.docker.com', /^/, scripts.refusing('get-docker', 'Docker comes with the workstation of this lab')),
  script('get.sdkman.io', /^/, scripts.refusing('sdkman', wide)),
  script(
    'get.datree.io',
    /^/,
    scripts.installer('datree', githubRelease('datreeio/datree', 'datree-cli_linux_amd64.tar.gz')),
  ),
  script('get.keptn.sh', /^/, scripts.refusing('keptn', wide)),
  script('get.arkade.dev', /^/, scripts.installer('arkade', githubRelease('alexellis/arkade', 'arkade'))),
  script('get.jetify.com', /^\/devbox/, scripts.refusing('devbox', wide)),
  script(
    'get.opentofu.org',
    /^\/install-opentofu\.sh/,
    scripts.installer('tofu', githubRelease('opentofu/opentofu', 'tofu_linux_amd64.tar.gz')),
  ),
  script(
    'fluxcd.io',
    /^\/install\.sh/,
    scripts.installer('flux', githubRelease('fluxcd/flux2', 'flux_linux_amd64.tar.gz')),
  ),
  script('kluctl.io', /^\/install\.sh/, scripts.refusing('kluctl', wide)),
  script('just.systems', /^\/install\.sh/, scripts.refusing('just', wide)),
  script(
    'run.linkerd.io',
    /^\/install/,
    scripts.installer('linkerd', githubRelease('linkerd/linkerd2', 'linkerd2-cli-linux-amd64')),
  ),
  script('code-server.dev', /^\/install\.sh/, scripts.refusing('code-server', wide)),
  script(
    'developer.fermyon.com',
    /install\.sh/,
    scripts.installer('spin', githubRelease('fermyon/spin', 'spin-linux-amd64.tar.gz')),
  ),
  script('deb.nodesource.com', /^\/setup_/, scripts.refusing('nodesource', wide)),
  script('sh.rustup.rs', /^/, scripts.refusing('rustup', wide)),
  script('install.python-poetry.org', /^/, scripts.refusing('poetry', wide)),
  script('mise.run', /^/, scripts.refusing('mise', wide)),
  script('datadoghq.dev', /^\/katacodalabtools\/r/, scripts.refusing('katacodalabtools', wide)),
  key('download.docker.com', /\/gpg$/),
  key('apt.releases.hashicorp.com', /^\/gpg$/),
  key('aquasecurity.github.io', /\.(key|asc)$/),
  key('falco.org', /\.asc$/),
  key('www.mongodb.org', /\.asc$/),
  key('download.opensuse.org', /Release\.key$/),
  key('apt.fury.io', /gpg\.key$/),
  key('download.bell-sw.com', /GPG-KEY/),
  key('repo.pyrsia.io', /Release\.key$/),

  // Programs by other hosts
  {
    host: 'openpolicyagent.org',
    path: /^\/downloads\/([^/]+)\/opa_linux_amd64/,
    page: ([, version = '']) => release('opa', 'opa', version),
  },
  {
    host: 'dl.filippo.io',
    path: /^\/mkcert\/latest/,
    page: () => release('mkcert', 'mkcert', versionOf('FiloSottile/mkcert')),
  },
  {
    host: 'awscli.amazonaws.com',
    path: /^\/(awscli-exe-linux-x86_64.*\.zip)$/,
    page: ([, name = '']) => release(name, 'aws', '2.31.0'),
  },
  {
    host: 'dl.min.io',
    path: /^\/(?:client|server)\/(mc|minio)\/release\/linux-amd64\//,
    page: ([, name = '']) => release(name, name, 'latest'),
  },
  { host: 'katacoda-assets.s3.amazonaws.com', path: /^\/mc$/, page: () => release('mc', 'mc', 'latest') },
  {
    host: 'go.dev',
    path: /^\/dl\/(go([\d.]+)\.linux-amd64\.tar\.gz)$/,
    page: ([, name = '']) => redirect(`https://dl.google.com/go/${name}`),
  },
  { host: 'go.dev', path: /^\/VERSION/, page: () => text('go1.25.4\ntime 2025-10-31T13:24:27Z\n') },
  { host: 'golang.org', path: /^\/(.*)$/, page: ([, path = '']) => redirect(`https://go.dev/${path}`, 301) },
  {
    host: 'dl.google.com',
    path: /^\/go\/(go([\d.]+)\.linux-amd64\.tar\.gz)$/,
    page: ([, name = '', version = '']) => release(name, 'go', `go${version}`),
  },
  {
    host: 'releases.hashicorp.com',
    path: /^\/(\w+)\/([\d.]+)\/(.*)$/,
    page: ([, program = '', version = '', name = '']) => release(name, program, version),
  },
  {
    host: 'dl.gitea.com',
    path: /^\/tea\/([\d.]+)\/tea-[\d.]+-linux-amd64$/,
    page: ([, version = '']) => release('tea', 'tea', version),
  },
  { host: 'code.dvc.org', path: /^\/get-started\/(code\.zip)$/, page: ([, name = '']) => release(name, 'code', '1') },
  { host: 'start.spring.io', path: /^\/(starter\.zip)/, page: ([, name = '']) => release(name, 'HELP.md', '1') },

  // Python packages
  {
    host: 'pypi.org',
    path: /^\/simple\/([\w.-]+)\/?$/,
    page: async ([, name = '']) => found((await import('../../../programs/python/packages')).indexOf(name)),
  },
  {
    host: 'files.pythonhosted.org',
    path: /^\/packages\/py3\/([\w.-]+)\//,
    page: async ([, name = '']) => found((await import('../../../programs/python/packages')).filesOf(name)),
  },
  site('pypi.org', 'PyPI'),

  // What people try a network with
  {
    host: 'google.com',
    path: /^\/?(.*)$/,
    page: ([, path = ''], { scheme }) => redirect(`${scheme}://www.google.com/${path}`, 301),
  },
  site('www.google.com', 'Google'),
  site('example.com', 'Example Domain'),
  site('www.example.com', 'Example Domain'),
  ...(
    'kubernetes.io docs.k8s.io helm.sh istio.io docker.com www.docker.com hub.docker.com cloudflare.com ' +
    'www.cloudflare.com nginx.org www.nginx.com debian.org www.debian.org wikipedia.org www.wikipedia.org ' +
    'microsoft.com www.microsoft.com facebook.com amazon.com www.amazon.com bing.com yahoo.com cloud.google.com ' +
    'linuxcommand.org www.kernel.org docs.tigera.io'
  )
    .split(' ')
    .map((host): Rule => ({ host, path: /^\/?(?:index\.\w+)?$/, page: () => simple(host) })),
  ...'ifconfig.me icanhazip.com api.ipify.org checkip.amazonaws.com'
    .split(' ')
    .map((host): Rule => ({ host, path: /^/, page: () => text('203.0.113.2\n') })),
  {
    host: 'jsonplaceholder.typicode.com',
    path: /^\/(posts|users|todos)(?:\/(\d+))?/,
    page: ([, kind = '', id]) => {
      const one = (each: number): object => ({ userId: 1, id: each, title: `${kind} ${each}`, body: 'of the lab' });
      return json(id === undefined ? Array.from({ length: 10 }, (_, index) => one(index + 1)) : one(Number(id)));
    },
  },
  {
    host: 'httpbin.org',
    path: /^\/(get|post|put|delete|patch|anything|headers|ip|user-agent|status\/(\d+))/,
    page: ([, what = '', status], { request, scheme }) => {
      if (status !== undefined) return { status: Number(status) };
      if (what === 'ip') return json({ origin: '203.0.113.2' });
      const headers = Object.fromEntries(request.headers);
      if (what === 'headers') return json({ headers });
      if (what === 'user-agent') return json({ 'user-agent': request.headers.get('User-Agent') ?? '' });
      return json({ args: {}, headers, origin: '203.0.113.2', url: `${scheme}://httpbin.org${request.url}` });
    },
  },
];
