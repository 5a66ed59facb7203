import { parse } from 'yaml';
import { err, ok, type Result } from '../../sim/result';
import { decode } from '../../linux/io/bytes';
import { fromBase64 } from '../../linux/net/tls/pem';
import type { Process } from '../../linux/process/types';

/** How to reach one cluster as one user: what is left of a kubeconfig. */
export interface RestConfig {
  /** `https://172.30.1.2:6443` */
  readonly server: string;
  readonly namespace: string;
  /** PEM. */
  readonly certificateAuthority?: string;
  readonly insecure: boolean;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
}

export interface KubeconfigOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Where pods find the server and their token (rest.InClusterConfig). */
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

type Entry = Readonly<Record<string, string | boolean | undefined>>;
interface File {
  readonly clusters?: readonly { readonly name: string; readonly cluster: Entry }[];
  readonly contexts?: readonly { readonly name: string; readonly context: Entry }[];
  readonly users?: readonly { readonly name: string; readonly user: Entry }[];
  readonly 'current-context'?: string;
}

/** Reads the kubeconfig of a program: the given file, $KUBECONFIG, ~/.kube/config, or the pod's service account. */
export function loadKubeconfig(process: Process, options: KubeconfigOptions = {}): Result<RestConfig, string> {
  const { fs, env } = process;
  const path =
    options.kubeconfig ?? env.get('KUBECONFIG')?.split(':')[0] ?? `${env.get('HOME') ?? '/root'}/.kube/config`;
  const text = fs.readText(path);
  if (!text.ok) {
    const inCluster = options.kubeconfig === undefined ? loadInCluster(process) : undefined;
    return inCluster === undefined ? err(`stat ${path}: no such file or directory`) : ok(inCluster);
  }
  const file = parse(text.value) as File | null;
  const name = options.context ?? file?.['current-context'] ?? '';
  const context = file?.contexts?.find((each) => each.name === name)?.context;
  if (context === undefined) return err(`context "${name}" does not exist`);
  const cluster = file?.clusters?.find((each) => each.name === context['cluster'])?.cluster ?? {};
  const user = file?.users?.find((each) => each.name === context['user'])?.user ?? {};
  const directory = path.slice(0, path.lastIndexOf('/'));
  const pem = (entry: Entry, field: string): string | undefined => {
    const data = entry[`${field}-data`];
    if (typeof data === 'string' && data !== '') {
      const bytes = fromBase64(data);
      return bytes === undefined ? undefined : decode(bytes);
    }
    const named = entry[field];
    if (typeof named !== 'string' || named === '') return undefined;
    const read = fs.readText(named.startsWith('/') ? named : `${directory}/${named}`);
    return read.ok ? read.value : undefined;
  };
  const certificateAuthority = pem(cluster, 'certificate-authority');
  const clientCertificate = pem(user, 'client-certificate');
  const clientKey = pem(user, 'client-key');
  const { token } = user;
  return ok({
    server: String(cluster['server'] ?? 'http://localhost:8080'),
    namespace: String(context['namespace'] ?? 'default'),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...(clientKey === undefined ? {} : { clientKey }),
    ...(typeof token === 'string' ? { token } : {}),
  });
}

function loadInCluster({ fs, env }: Process): RestConfig | undefined {
  const host = env.get('KUBERNETES_SERVICE_HOST');
  const port = env.get('KUBERNETES_SERVICE_PORT') ?? '443';
  const token = fs.readText(`${serviceAccount}/token`);
  if (host === undefined || !token.ok) return undefined;
  const authority = fs.readText(`${serviceAccount}/ca.crt`);
  const namespace = fs.readText(`${serviceAccount}/namespace`);
  return {
    server: `https://${host}:${port}`,
    namespace: namespace.ok ? namespace.value : 'default',
    insecure: false,
    token: token.value.trim(),
    ...(authority.ok ? { certificateAuthority: authority.value } : {}),
  };
}
