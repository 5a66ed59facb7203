import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure } from '../errors';
import { flag } from '../flags/flag-set';
import { at, isObject, kindOf, list, text, texts, type JsonObject } from '../json';
import { intOrString, meta, optional } from '../manifest/objects';
import { objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import { accepts } from '../rest/client';
import { printResult, withSavedConfig } from './create/typed';
import { overridden, overrideFlags } from './overrides';
import { parsePairs } from './run';
import { dryRun, dryRunFlag, fieldManagerFlag, filenameFlags, filenames, saveConfigFlag } from './shared-flags';

const exposable = new Set(['ReplicationController', 'Service', 'Pod', 'Deployment', 'ReplicaSet']);

/** The labels that pods of an object have (MapBasedSelectorForObject). */
export function selectorOf(object: JsonObject): Readonly<Record<string, string>> {
  const kind = kindOf(object);
  if (kind === 'Pod') {
    const labels = texts(object, 'metadata', 'labels');
    if (Object.keys(labels).length === 0) throw new Failure('the pod has no labels and cannot be exposed');
    return labels;
  }
  if (kind === 'Service') {
    const selector = texts(object, 'spec', 'selector');
    if (Object.keys(selector).length === 0) throw new Failure('the service has no pod selector set');
    return selector;
  }
  if (kind === 'ReplicationController') return texts(object, 'spec', 'selector');
  if (list(object, 'spec', 'selector', 'matchExpressions').length > 0)
    throw new Failure(
      `couldn't convert expressions - "${JSON.stringify(at(object, 'spec', 'selector', 'matchExpressions'))}" to map-based selector format`,
    );
  const selector = texts(object, 'spec', 'selector', 'matchLabels');
  if (Object.keys(selector).length === 0)
    throw new Failure(`invalid ${kind.toLowerCase()}: no selectors, therefore cannot be exposed`);
  return selector;
}

/** Ports of an object with their protocols, in order. */
function portsOf(object: JsonObject): ReadonlyMap<string, readonly string[]> {
  const ports = new Map<string, string[]>();
  const add = (port: string, protocol: string): void => {
    const protocols = ports.get(port) ?? [];
    if (!protocols.includes(protocol)) protocols.push(protocol);
    ports.set(port, protocols);
  };
  if (kindOf(object) === 'Service') {
    for (const port of list(object, 'spec', 'ports')) add(text(port, 'port'), text(port, 'protocol') || 'TCP');
    return ports;
  }
  const spec = kindOf(object) === 'Pod' ? at(object, 'spec') : at(object, 'spec', 'template', 'spec');
  for (const container of list(spec, 'containers'))
    for (const port of list(container, 'ports')) add(text(port, 'containerPort'), text(port, 'protocol') || 'TCP');
  return ports;
}

function serviceOf({ flags }: Cli, object: JsonObject, defaultName: string): JsonObject {
  const given = (name: string): string => flags.string(name);
  let selector: Readonly<Record<string, string>>;
  if (given('selector') === '') {
    try {
      selector = selectorOf(object);
    } catch (reason) {
      if (reason instanceof Failure)
        throw new Failure(`couldn't retrieve selectors via --selector flag or introspection: ${reason.message}`);
      throw reason;
    }
  } else selector = parsePairs(given('selector'));
  const known = portsOf(object);
  const headless = given('cluster-ip') === 'None';
  const wanted = given('port') === '' ? [...known.keys()] : given('port').split(',');
  if (wanted.length === 0 && !headless) throw new Failure("couldn't find port via --port flag or introspection");
  const target = given('target-port');
  const port = (number: string, name: string, protocol: string): JsonObject => ({
    ...optional('name', name),
    protocol,
    port: portNumber(number),
    targetPort: target === '' ? portNumber(number) : intOrString(target),
  });
  const ports = wanted.flatMap((number, index) => {
    const name = wanted.length > 1 ? `port-${index + 1}` : '';
    if (given('protocol') !== '') return [port(number, name, given('protocol'))];
    const protocols = known.get(number) ?? ['TCP'];
    if (protocols.length === 1) return [port(number, name, protocols[0] ?? 'TCP')];
    return protocols
      .toSorted()
      .map((protocol) => port(number, `port-${index + 1}-${protocol.toLowerCase()}`, protocol));
  });
  const affinity = given('session-affinity');
  if (affinity !== '' && affinity !== 'None' && affinity !== 'ClientIP')
    throw new Failure(`unknown session affinity: ${affinity}`);
  const labels = given('labels') === '' ? texts(object, 'metadata', 'labels') : parsePairs(given('labels'));
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: meta({ name: given('name') || defaultName, labels }),
    spec: {
      ...optional('ports', ports),
      selector: Object.fromEntries(Object.entries(selector).sort(([a], [b]) => (a < b ? -1 : 1))),
      ...optional('clusterIP', given('cluster-ip')),
      ...optional('type', given('type')),
      ...optional('externalIPs', given('external-ip') === '' ? [] : [given('external-ip')]),
      ...optional('sessionAffinity', affinity),
      ...(given('type') === 'LoadBalancer' ? optional('loadBalancerIP', given('load-balancer-ip')) : {}),
    },
    status: { loadBalancer: {} },
  };
}

function portNumber(source: string): number {
  if (!/^[+-]?\d+$/.test(source)) throw new Failure(`strconv.Atoi: parsing ${JSON.stringify(source)}: invalid syntax`);
  return Number(source);
}

export const expose: Command = {
  use: 'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  short: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  long: `Expose a resource as a new Kubernetes service.

 Looks up a deployment, service, replica set, replication controller or pod by name and takes its selector for a new service. A deployment or replica set can be exposed only if its selector can be a service's, that is, if it has only matchLabels. Without --port the service takes the ports of the resource, and its labels if you give none.

 Possible resources include (case insensitive):

 pod (po), service (svc), replicationcontroller (rc), deployment (deploy), replicaset (rs)`,
  example: `# A service for a deployment
kubectl expose deployment nginx --port=80 --target-port=8000

# On a port of every node
kubectl expose deployment nginx --port=80 --type=NodePort --name=nginx-np`,
  flags: [
    ...printFlags,
    flag.string('cluster-ip', '', 'Address of the service. Empty: any. None: headless.'),
    dryRunFlag,
    flag.string('external-ip', '', 'An address outside the cluster that is also accepted for the service.'),
    fieldManagerFlag('kubectl-expose'),
    ...filenameFlags('that names the resource to expose'),
    flag.string('labels', '', 'Labels of the new service.', { short: 'l' }),
    flag.string('load-balancer-ip', '', 'Address of the load balancer.'),
    flag.string('name', '', 'Name of the new service.'),
    ...overrideFlags,
    flag.string('port', '', 'Port of the service. Default: those of the resource.'),
    flag.string('protocol', '', 'Protocol of the service. Default: TCP.'),
    saveConfigFlag,
    flag.string('selector', '', 'Selector of the service (equality only). Default: that of the resource.'),
    flag.string('session-affinity', '', 'None or ClientIP.'),
    flag.string('target-port', '', 'Name or number of the port of the container.'),
    flag.string('type', '', 'ClusterIP, NodePort, LoadBalancer or ExternalName. Default: ClusterIP.'),
  ],
  run: async (cli) => {
    const strategy = dryRun(cli);
    const printer = objectPrinter(cli);
    const { namespace, explicit } = cli.factory.namespace;
    const result = await build(cli, {
      args: cli.args,
      ...filenames(cli),
      enforceNamespace: explicit,
      flatten: true,
      continueOnError: true,
    });
    await result.visit(async ({ mapping, name, object = {} }) => {
      if (!exposable.has(mapping.kind))
        throw new Failure(`cannot expose a ${kindWithGroup(mapping.kind, mapping.group)}`);
      const made = overridden(cli, serviceOf(cli, object, name.slice(0, 63)));
      if (strategy === 'client') {
        const { name: own, ...rest } = isObject(made['metadata']) ? made['metadata'] : {};
        const placed = explicit ? { ...made, metadata: { name: own, namespace, ...rest } } : made;
        return printResult(cli, placed, 'exposed', strategy, printer);
      }
      const created = await cli.factory.client.json('POST', `/api/v1/namespaces/${namespace}/services`, {
        accept: accepts.any,
        body: withSavedConfig(cli, made),
        query: {
          fieldManager: cli.flags.string('field-manager'),
          ...(strategy === 'server' ? { dryRun: 'All' } : {}),
        },
      });
      return printResult(cli, created, 'exposed', strategy, printer);
    });
  },
};

const kindWithGroup = (kind: string, group: string): string => (group === '' ? kind : `${kind}.${group}`);
