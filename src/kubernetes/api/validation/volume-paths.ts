import { goQuote } from '../../apimachinery/field-errors';
import type { Volume } from '../core/pod-spec';

interface Placed {
  readonly path: string;
  readonly source: string;
}

/** warningsForOverlappingVirtualPaths: two keys of one volume that would stand at the same place, or one in the other. */
export function pathWarnings(volumes: readonly Volume[]): readonly string[] {
  const found: string[] = [];
  for (const { name, configMap, secret, downwardAPI, projected } of volumes) {
    const look = (paths: readonly Placed[], what: string): void => {
      for (const text of overlaps(paths)) found.push(`volume ${goQuote(name)} (${what}): overlapping paths: ${text}`);
    };
    look(placed(configMap?.items), `ConfigMap ${goQuote(configMap?.name ?? '')}`);
    look(placed(secret?.items), `Secret ${goQuote(secret?.secretName ?? '')}`);
    look(placed(downwardAPI?.items), 'DownwardAPI');
    const all: Placed[] = [];
    // Upstream keeps the paths of the source before where one names none.
    let paths: readonly Placed[] = [];
    for (const source of projected?.sources ?? []) {
      if (Object.keys(source).length === 0) {
        found.push(`volume ${goQuote(name)} (Projected) has no sources provided`);
        continue;
      }
      const { configMap: map, secret: kept, downwardAPI: downward, serviceAccountToken } = source;
      if (map?.items !== undefined) paths = placed(map.items, `ConfigMap ${goQuote(map.name ?? '')}`);
      else if (kept?.items !== undefined) paths = placed(kept.items, `Secret ${goQuote(kept.name ?? '')}`);
      else if (downward?.items !== undefined) paths = placed(downward.items, 'DownwardAPI');
      else if (serviceAccountToken !== undefined)
        paths = [{ path: serviceAccountToken.path, source: 'ServiceAccountToken' }];
      all.push(...paths);
    }
    look(all, 'Projected');
  }
  return found;
}

const placed = (items: readonly { readonly path: string }[] = [], source = ''): readonly Placed[] =>
  items.map(({ path }) => ({ path, source }));

function overlaps(given: readonly Placed[]): readonly string[] {
  const paths = given.map(({ path, source }) => ({ path: (path ?? '').replace(/\/+$/, ''), source }));
  return paths.flatMap((one, index) =>
    one.path === ''
      ? []
      : paths
          .slice(0, index)
          .filter(
            ({ path }) =>
              path !== '' && (`${path}/`.startsWith(`${one.path}/`) || `${one.path}/`.startsWith(`${path}/`)),
          )
          .map((other) => `${text(one)} with ${text(other)}`),
  );
}

const text = ({ path, source }: Placed): string => (source === '' ? goQuote(path) : `${goQuote(path)} (${source})`);
