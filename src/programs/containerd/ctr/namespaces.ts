import { ctrTable, type CtrGroup } from './ctr';

/** ctr namespaces. */
export const namespaces: CtrGroup = {
  names: ['namespaces', 'namespace', 'ns'],
  usage: 'Manage namespaces',
  commands: [
    {
      names: ['list', 'ls'],
      usage: 'List namespaces',
      arguments: '[flags]',
      flags: [{ names: ['quiet', 'q'], usage: 'Print only the namespace name' }],
      run: async ({ process, containerd, flags }) => {
        // One that holds nothing was only asked for.
        const names = containerd
          .namespaces()
          .filter(({ containers, tasks, images }) => containers.size > 0 || tasks.size > 0 || images !== undefined)
          .map(({ name }) => name)
          .sort();
        await process.stdout.write(
          flags.has('quiet')
            ? names.map((name) => `${name}\n`).join('')
            : ctrTable(
                ['NAME', 'LABELS'],
                names.map((name) => [name, '']),
              ),
        );
        return 0;
      },
    },
  ],
};
