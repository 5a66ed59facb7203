import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { list, number, text } from '../../json';
import { build } from '../../resource/builder';
import { dump } from './dump';

/** Where a service can be reached through the API server. */
function link(server: string, service: unknown): string {
  const [ingress] = list(service, 'status', 'loadBalancer', 'ingress');
  if (ingress !== undefined) {
    const host = text(ingress, 'ip') || text(ingress, 'hostname');
    return list(service, 'spec', 'ports')
      .map((port) => `http://${host}:${number(port, 'port')} `)
      .join('');
  }
  let name = text(service, 'metadata', 'name');
  const [port] = list(service, 'spec', 'ports');
  if (port !== undefined) {
    const secure = text(port, 'name') === 'https' || number(port, 'port') === 443;
    const portName = text(port, 'name');
    if (secure) name = `https:${name}:${portName}`;
    else if (portName !== '') name = `${name}:${portName}`;
  }
  return `${server}/api/v1/namespaces/${text(service, 'metadata', 'namespace')}/services/${name}/proxy`;
}

async function run(cli: Cli): Promise<void> {
  const { factory, flags } = cli;
  const server = factory.clientConfig.server;
  const namespace = flags.string('namespace') || 'kube-system';
  try {
    const result = await build(cli, {
      args: ['services'],
      labelSelector: 'kubernetes.io/cluster-service=true',
      namespace,
    });
    await result.visit(async ({ object }) => {
      await cli.out(`Kubernetes control plane is running at ${server}\n`);
      for (const service of list(object, 'items')) {
        const name = text(service, 'metadata', 'labels', 'kubernetes.io/name') || text(service, 'metadata', 'name');
        await cli.out(`${name} is running at ${link(server, service)}\n`);
      }
    });
  } finally {
    await cli.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  }
}

export const clusterInfo: Command = {
  use: 'cluster-info [flags]',
  short: 'Display cluster information',
  long: 'Show the addresses of the control plane and of the services of the cluster itself, which have the label kubernetes.io/cluster-service=true.',
  example: `# The addresses
  kubectl cluster-info`,
  commands: [dump],
  run,
};
