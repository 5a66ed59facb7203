import type { RemoteResource, RemoteVersion } from './remote';

/** A group version of a service as aggregated discovery tells it; `Stale` where the service was not heard lately. */
export function aggregatedRemote(apiVersion: string, offered: RemoteVersion | undefined): object {
  const [ownGroup = '', ownVersion = ''] = apiVersion.split('/');
  const { resources = [], fresh = false } = offered ?? {};
  const responseKind = ({ group, version, kind }: RemoteResource): object => ({
    group: group === undefined || group === '' ? ownGroup : group,
    version: version === undefined || version === '' ? ownVersion : version,
    kind,
  });
  const whole = resources.filter(({ name }) => !name.includes('/'));
  return {
    ...(whole.length === 0
      ? {}
      : {
          resources: whole.map((each) => {
            const parts = resources.filter(({ name }) => name.startsWith(`${each.name}/`));
            return {
              resource: each.name,
              responseKind: responseKind(each),
              scope: each.namespaced === true ? 'Namespaced' : 'Cluster',
              singularResource: each.singularName ?? '',
              verbs: each.verbs ?? [],
              ...(each.shortNames === undefined ? {} : { shortNames: each.shortNames }),
              ...(each.categories === undefined ? {} : { categories: each.categories }),
              ...(parts.length === 0
                ? {}
                : {
                    subresources: parts.map((part) => ({
                      subresource: part.name.slice(each.name.length + 1),
                      responseKind: responseKind(part),
                      verbs: part.verbs ?? [],
                    })),
                  }),
            };
          }),
        }),
    freshness: fresh ? 'Current' : 'Stale',
  };
}
