import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import type { JsonObject } from '../../json';
import { intOrString, meta, optional } from '../../manifest/objects';
import { typedCreate } from './typed';

// kubectl pkg/cmd/create/create_ingress.go
const rulePattern = /^[\w*\-.]*\/.*=[\w-]+:[\w-]+/;

interface Rule {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  readonly port: string;
  readonly tls: boolean;
  readonly secret: string;
}

function parseRule(source: string): Rule {
  if (!rulePattern.test(source))
    throw new Failure(`rule ${source} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  const [main = '', ...more] = source.split(',');
  const slash = main.indexOf('/');
  const [path = '', target = ''] = main.slice(slash).split('=');
  const [service = '', port = ''] = target.split(':');
  const secret = more[0]?.split('=')[1] ?? '';
  return { host: main.slice(0, slash), path, service, port, tls: more.length === 1, secret };
}

function backend(name: string, port: string): JsonObject {
  const parsed = intOrString(port);
  return { service: { name, port: typeof parsed === 'number' ? { number: parsed } : { name: parsed } } };
}

function rulesOf(rules: readonly Rule[]): readonly JsonObject[] {
  const byHost = new Map<string, JsonObject[]>();
  for (const { host, path, service, port } of rules) {
    const prefix = path.endsWith('*');
    const paths = byHost.get(host) ?? [];
    paths.push({
      path: prefix ? path.slice(0, -1) : path,
      pathType: prefix ? 'Prefix' : 'Exact',
      backend: backend(service, port),
    });
    byHost.set(host, paths);
  }
  return [...byHost].map(([host, paths]) => ({ ...optional('host', host), http: { paths } }));
}

function tlsOf(rules: readonly Rule[]): readonly JsonObject[] {
  const found: { hosts: string[]; secret: string }[] = [];
  const seen = new Set<string>();
  for (const { host, tls, secret } of rules) {
    if (!tls || seen.has(host)) continue;
    seen.add(host);
    const same = found.find((entry) => entry.secret === secret);
    if (same) same.hosts.push(host);
    else if (host !== '' || secret !== '') found.push({ hosts: host === '' ? [] : [host], secret });
  }
  return found.map(({ hosts, secret }) => ({ ...optional('hosts', hosts), ...optional('secretName', secret) }));
}

export const ingress = typedCreate({
  use: 'ingress NAME --rule=host/path=service:port[,tls[=secret]] ',
  aliases: ['ing'],
  short: 'Create an ingress with the specified name',
  long: 'Create an ingress with the given name.',
  example: `# One host, one path, with TLS
kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"

# All paths below a prefix
kubectl create ingress prefix --class=nginx --rule="foo.com/path*=svc:8080"

# Where nothing else fits
kubectl create ingress other --default-backend=defaultsvc:80`,
  flags: [
    flag.array('annotation', [], 'Annotation of the ingress: key=value.'),
    flag.string('class', '', 'Ingress class.'),
    flag.string('default-backend', '', 'Service for what no rule matches: service:port.'),
    flag.array('rule', [], 'Rule: host/path=service:port[,tls[=secret]]. A path that ends in * is a prefix.'),
  ],
  root: '/apis/networking.k8s.io/v1',
  plural: 'ingresses',
  failed: 'failed to create ingress: ',
  build: ({ flags }, name, namespace) => {
    const fallback = flags.string('default-backend');
    const given = flags.list('rule');
    if (fallback === '' && given.length === 0)
      throw new Failure(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    const rules = given.map(parseRule);
    const annotations: Record<string, string> = {};
    for (const annotation of flags.list('annotation')) {
      const equals = annotation.indexOf('=');
      if (equals < 0) throw new Failure(`annotation ${annotation} is invalid and should be in format key=[value]`);
      annotations[annotation.slice(0, equals)] = annotation.slice(equals + 1);
    }
    if (fallback !== '' && fallback.split(':').length !== 2)
      throw new Failure('default-backend should be in format servicename:serviceport');
    const [service = '', port = ''] = fallback.split(':');
    return {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: meta({ name, namespace, annotations }),
      spec: {
        ...optional('ingressClassName', flags.string('class')),
        ...(fallback === '' ? {} : { defaultBackend: backend(service, port) }),
        ...optional('tls', tlsOf(rules)),
        ...optional('rules', rulesOf(rules)),
      },
      status: { loadBalancer: {} },
    };
  },
});
