import { ctrTable, type CtrGroup } from './ctr';

/** ctr snapshots. */
export const snapshots: CtrGroup = {
  names: ['snapshots', 'snapshot'],
  usage: 'Manage snapshots',
  commands: [
    {
      names: ['list', 'ls'],
      usage: 'List snapshots',
      run: async ({ process, namespace }) => {
        const rows: (readonly string[])[] = [];
        const seen = new Set<string>();
        const images = namespace.images?.list() ?? [];
        for (const { image } of images) {
          for (const [index, chain] of image.chainIds.entries()) {
            if (seen.has(chain)) continue;
            seen.add(chain);
            rows.push([chain, image.chainIds[index - 1] ?? '', 'Committed']);
          }
        }
        for (const { snapshotKey, image } of namespace.containers.values()) {
          if (snapshotKey === '') continue;
          const parent = namespace.images?.find(image)?.image.chainIds.at(-1) ?? '';
          rows.push([snapshotKey, parent, 'Active']);
        }
        rows.sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
        await process.stdout.write(ctrTable(['KEY', 'PARENT', 'KIND'], rows));
        return 0;
      },
    },
  ],
};
