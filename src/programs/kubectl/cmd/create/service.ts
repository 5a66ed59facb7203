import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag, type Flag } from '../../flags/flag-set';
import type { JsonObject } from '../../json';
import { intOrString, meta, optional } from '../../manifest/objects';
import { typedCreate } from './typed';

const tcpFlag = flag.strings('tcp', [], 'Port, or port and target port: PORT:TARGET.');

type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';

function parsePorts(pair: string): { readonly port: number; readonly targetPort: number | string } {
  const [first = '', second] = pair.split(':');
  const port = portNumber(first);
  if (second === undefined) return { port, targetPort: port };
  const target = intOrString(second);
  const complaints =
    typeof target === 'string'
      ? portNameComplaints(target)
      : target < 1 || target > 65_535
        ? ['must be between 1 and 65535, inclusive']
        : [];
  if (complaints.length > 0) throw new Failure(complaints.join(','));
  return { port, targetPort: target };
}

/** utilsnet.ParsePort. */
function portNumber(source: string): number {
  const failed = (why: string): Failure => new Failure(`strconv.ParseUint: parsing "${source}": ${why}`);
  if (!/^\d+$/.test(source)) throw failed('invalid syntax');
  if (Number(source) > 65_535) throw failed('value out of range');
  return Number(source);
}

/** validation.IsValidPortName. */
export function portNameComplaints(name: string): readonly string[] {
  const found: string[] = [];
  if (name.length > 15) found.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) found.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) found.push('must contain at least one letter (a-z)');
  if (name.includes('--')) found.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) found.push('must not begin or end with a hyphen');
  return found;
}

function buildService({ flags }: Cli, name: string, namespace: string, type: ServiceType): JsonObject {
  const tcp = flags.list('tcp');
  const clusterIP = flags.string('clusterip');
  const externalName = flags.string('external-name');
  if (clusterIP !== 'None' && tcp.length === 0 && type !== 'ExternalName')
    throw new Failure('at least one tcp port specifier must be provided');
  if (
    type === 'ExternalName' &&
    !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(externalName)
  )
    throw new Failure(`invalid service external name ${externalName}`);
  const ports = tcp.map((pair) => ({
    name: pair.replaceAll(':', '-'),
    protocol: 'TCP',
    ...parsePorts(pair),
    ...optional('nodePort', flags.number('node-port')),
  }));
  const labels = { app: name };
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: meta({ name, namespace, labels }),
    spec: {
      ...optional('ports', ports),
      selector: labels,
      ...optional('clusterIP', clusterIP),
      type,
      ...optional('externalName', externalName),
    },
    status: { loadBalancer: {} },
  };
}

const kind = (
  word: string,
  type: ServiceType,
  use: string,
  short: string,
  example: string,
  flags: readonly Flag[],
): Command =>
  typedCreate({
    use: `${word} NAME ${use} [--dry-run=server|client|none]`,
    short,
    long: `${short} with the given name.`,
    example,
    flags,
    root: '/api/v1',
    plural: 'services',
    failed: `failed to create ${type} service: `,
    build: (cli, name, namespace) => buildService(cli, name, namespace, type),
  });

export const service: Command = {
  use: 'service [flags]',
  aliases: ['svc'],
  short: 'Create a service using a specified subcommand',
  long: 'Create a service using a specified subcommand.',
  commands: [
    kind(
      'clusterip',
      'ClusterIP',
      '[--tcp=<port>:<targetPort>]',
      'Create a ClusterIP service',
      '# A service inside the cluster\nkubectl create service clusterip my-cs --tcp=5678:8080\n\n# Headless\nkubectl create service clusterip my-cs --clusterip="None"',
      [flag.string('clusterip', '', 'Address of the service, or None for a headless one.'), tcpFlag],
    ),
    kind(
      'nodeport',
      'NodePort',
      '[--tcp=port:targetPort]',
      'Create a NodePort service',
      '# A port of every node\nkubectl create service nodeport my-ns --tcp=5678:8080',
      [flag.int('node-port', 0, 'Port on each node.'), tcpFlag],
    ),
    kind(
      'loadbalancer',
      'LoadBalancer',
      '[--tcp=port:targetPort]',
      'Create a LoadBalancer service',
      '# Behind a load balancer\nkubectl create service loadbalancer my-lbs --tcp=5678:8080',
      [tcpFlag],
    ),
    kind(
      'externalname',
      'ExternalName',
      '--external-name external.name',
      'Create an ExternalName service',
      '# A name outside the cluster\nkubectl create service externalname my-ns --external-name bar.com',
      [flag.string('external-name', '', 'Name that the service stands for.', { required: true }), tcpFlag],
    ),
  ],
};
