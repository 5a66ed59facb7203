import type { Command } from '../command';
import { Failure } from '../errors';
import { flag } from '../flags/flag-set';
import { object, withAt, type JsonObject } from '../json';
import { lastApplied } from '../manifest/last-applied';
import { meta } from '../manifest/objects';
import { objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import { apiVersionOf, type Mapping } from '../resource/mapper';
import { create, printResult, withSavedConfig } from './create/typed';
import { dryRun, dryRunFlag, fieldManagerFlag, filenameFlags, filenames, saveConfigFlag } from './shared-flags';

function autoscaler(mapping: Mapping, target: string, name: string, min: number, max: number, cpu: number): JsonObject {
  const metric = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } },
  };
  return {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    metadata: meta({ name }),
    spec: {
      scaleTargetRef: { kind: mapping.kind, name: target, apiVersion: apiVersionOf(mapping) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: max,
      ...(cpu >= 0 ? { metrics: [metric] } : {}),
    },
    status: { desiredReplicas: 0, currentMetrics: null },
  };
}

/** The same as `autoscaling/v1`. */
const firstVersion = ({ metadata, spec }: JsonObject, cpu: number): JsonObject => {
  const { metrics: _metrics, ...rest } = object(spec);
  return {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v1',
    metadata: withAt(metadata, ['annotations', lastApplied], undefined),
    spec: { ...rest, ...(cpu >= 0 ? { targetCPUUtilizationPercentage: cpu } : {}) },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  };
};

export const autoscale: Command = {
  use: 'autoscale (-f FILENAME | TYPE NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]',
  short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  long: `Creates an autoscaler that automatically chooses and sets the number of pods that run in a Kubernetes cluster.

 Looks up a deployment, replica set, stateful set, or replication controller by name and creates an autoscaler that uses the given resource as a reference. An autoscaler can automatically increase or decrease number of pods deployed within the system as needed.`,
  example: `# Between 2 and 10 pods
kubectl autoscale deployment foo --min=2 --max=10

# Between 1 and 5, at 80% of the requested CPU
kubectl autoscale rc foo --max=5 --cpu-percent=80`,
  flags: [
    ...printFlags,
    flag.int32('cpu-percent', -1, 'Average CPU use of all pods to aim at, in percent of what they request.'),
    dryRunFlag,
    fieldManagerFlag('kubectl-autoscale'),
    ...filenameFlags('that names the resource to autoscale.'),
    flag.int32('max', -1, 'Most pods.', { required: true }),
    flag.int32('min', -1, 'Fewest pods.'),
    flag.string('name', '', 'Name of the autoscaler. Default: that of the resource.'),
    saveConfigFlag,
  ],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    const printer = objectPrinter(cli);
    const [min, max] = [flags.number('min'), flags.number('max')];
    if (max < 1) throw new Failure(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min)
      throw new Failure(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
    const { namespace, explicit } = cli.factory.namespace;
    const result = await build(cli, {
      args: cli.args,
      ...filenames(cli),
      enforceNamespace: explicit,
      flatten: true,
      continueOnError: true,
    });
    let count = 0;
    await result.visit(async ({ mapping, name }) => {
      count++;
      const discovery = await cli.factory.discovery();
      const scalable = discovery.versions.some(
        ({ group, version, resources }) =>
          group === mapping.group &&
          version === mapping.version &&
          resources.some((resource) => resource.name === `${mapping.resource}/scale`),
      );
      if (!scalable)
        throw new Failure(
          `cannot autoscale a ${mapping.kind}${mapping.group === '' ? '' : `.${mapping.group}`}: could not find scale subresource for ${mapping.group}/${mapping.version}, Resource=${mapping.resource} in discovery information`,
        );
      const made = withSavedConfig(
        cli,
        autoscaler(mapping, name, flags.string('name') || name, min, max, flags.number('cpu-percent')),
      );
      const send = (version: string, object: JsonObject): Promise<JsonObject> =>
        create(
          cli,
          { root: `/apis/autoscaling/${version}`, plural: 'horizontalpodautoscalers' },
          object,
          namespace,
          strategy,
        );
      let created: JsonObject;
      try {
        created = await send('v2', made);
      } catch (reason) {
        // Whatever is wrong with the second version, the first one is tried.
        if (!(reason instanceof Failure)) throw reason;
        created = await send('v1', withSavedConfig(cli, firstVersion(made, flags.number('cpu-percent'))));
      }
      await printResult(
        cli,
        created,
        strategy === 'none' ? 'autoscaled' : strategy === 'client' ? 'created' : 'autoscaled',
        strategy,
        printer,
      );
    });
    if (count === 0) throw new Failure('no objects passed to autoscale');
  },
};
