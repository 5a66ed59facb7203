import type { Command } from '../../command';
import { Aggregate, Failure } from '../../errors';
import { objectPrinter } from '../../printers/output';
import { parsePairs, resourcesAndPairs } from '../pairs';
import { recorded, recordFlag } from '../record';
import { dryRun, hasFiles } from '../shared-flags';
import { changeContainers, setFlags, Skipped, targets, update } from './pod-spec';

export const setImage: Command = {
  use: 'image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  short: 'Update the image of a pod template',
  long: `Update existing container image(s) of resources.

 Possible resources include (case insensitive):

  pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)`,
  example: `# One container
kubectl set image deployment/nginx nginx=nginx:1.9.1

# All containers
kubectl set image daemonset abc *=nginx:1.9.1

# What a file would become
kubectl set image -f path/to/file.yaml nginx=nginx:1.9.1 --local -o yaml`,
  flags: [...setFlags('that names the resource to get from a server.'), recordFlag],
  run: async (cli) => {
    const { flags } = cli;
    const strategy = dryRun(cli);
    objectPrinter(cli);
    const { resources, pairs } = resourcesAndPairs(cli.args, 'image');
    const { set: images } = parsePairs(pairs, 'image', false);
    const infos = await targets(cli, resources);
    const refused: Failure[] = [];
    if (flags.bool('all') && flags.string('selector') !== '')
      refused.push(new Failure('cannot set --all and --selector at the same time'));
    if (resources.length === 0 && !hasFiles(cli))
      refused.push(new Failure('one or more resources must be specified as <resource> <name> or <resource>/<name>'));
    if (images.size === 0) refused.push(new Failure('at least one image update is required'));
    else if (images.size > 1 && images.has('*'))
      refused.push(
        new Failure(
          'all containers are already specified by *, but saw more than one container_name=container_image pairs',
        ),
      );
    if (flags.bool('local') && strategy === 'server')
      refused.push(new Failure('cannot specify --local and --dry-run=server - did you mean --dry-run=client?'));
    if (refused[0]) throw refused.length === 1 ? refused[0] : new Aggregate(refused);
    const words = { done: 'image updated', failed: 'failed to patch image update to pod template: ' };
    await update(cli, infos, strategy, words, (object) => {
      const missing: Failure[] = [];
      let current = object;
      for (const [name, image] of images) {
        const changed = changeContainers(current, name, (container) => ({ ...container, image }));
        current = changed.object;
        if (changed.count === 0) missing.push(new Failure(`error: unable to find container named "${name}"`));
      }
      if (missing.length > 0) throw new Skipped(missing, current);
      return recorded(cli, current);
    });
  },
};
