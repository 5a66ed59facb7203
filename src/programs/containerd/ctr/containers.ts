import { runtime } from '../../../containers/containerd/metadata';
import { ctrTable, fail, type CtrGroup } from './ctr';

/** ctr containers. */
export const containers: CtrGroup = {
  names: ['containers', 'c', 'container'],
  usage: 'Manage containers',
  commands: [
    {
      names: ['list', 'ls'],
      usage: 'List containers',
      arguments: '[flags] [<filter>, ...]',
      flags: [{ names: ['quiet', 'q'], usage: 'Print only the container id' }],
      run: async ({ process, namespace, flags }) => {
        const all = [...namespace.containers.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
        await process.stdout.write(
          flags.has('quiet')
            ? all.map(({ id }) => `${id}\n`).join('')
            : ctrTable(
                ['CONTAINER', 'IMAGE', 'RUNTIME'],
                all.map(({ id, image }) => [id, image === '' ? '-' : image, runtime]),
              ),
        );
        return 0;
      },
    },
    {
      names: ['info'],
      usage: 'Get info about a container',
      arguments: 'CONTAINER',
      run: async ({ process, namespace, operands }) => {
        const [id = ''] = operands;
        if (id === '') return fail(process, 'container id must be provided: invalid argument');
        const record = namespace.containers.get(id);
        if (record === undefined)
          return fail(
            process,
            `container ${JSON.stringify(id)} in namespace ${JSON.stringify(namespace.name)}: not found`,
          );
        const at = new Date(record.createdAt).toISOString();
        // What runc was given lies in the task's bundle.
        const config = process.fs.readText(`${namespace.bundleOf(id)}/config.json`);
        const info = {
          ID: id,
          Labels: record.labels,
          Image: record.image,
          Runtime: {
            Name: runtime,
            Options:
              record.runtimeOptions === undefined
                ? null
                : { type_url: 'containerd.runc.v1.Options', value: record.runtimeOptions },
          },
          SnapshotKey: record.snapshotKey,
          Snapshotter: record.snapshotter,
          CreatedAt: at,
          UpdatedAt: at,
          Extensions: {},
          SandboxID: '',
          ...(config.ok ? { Spec: JSON.parse(config.value) as unknown } : {}),
        };
        await process.stdout.write(`${JSON.stringify(info, null, 4)}\n`);
        return 0;
      },
    },
  ],
};
