import type { ContainerHost } from '../host';
import type { Container } from './container';
import { linkHosts, type Linked } from './network/links';
import { hasNames, type Endpoint } from './network/network';
import { internalResolvConf, legacyResolvConf, resolverPath } from './network/resolv-conf';
import { containerFolder } from './spec';

const hostsHead = `127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::\tip6-localnet
ff00::\tip6-mcastprefix
ff02::1\tip6-allnodes
ff02::2\tip6-allrouters
`;

/** hosts, hostname and resolv.conf, which are bound into the container. */
export function writeContainerFiles(
  { fs }: ContainerHost,
  { id, config, hostConfig }: Container,
  endpoints: readonly Endpoint[],
  linked: readonly Linked[] = [],
): void {
  const folder = containerFolder(id);
  fs.writeFile(`${folder}/hostname`, `${config.Hostname}\n`);
  const extra = (hostConfig.ExtraHosts ?? []).map((entry) => {
    const colon = entry.search(/[:=]/);
    const address = entry.slice(colon + 1).replace(/^\[(.*)\]$/, '$1');
    return `${address === 'host-gateway' ? '172.17.0.1' : address}\t${entry.slice(0, colon)}\n`;
  });
  const { Domainname = '', Hostname } = config;
  const names = Domainname === '' ? Hostname : `${Hostname}.${Domainname} ${Hostname}`;
  const own = endpoints.flatMap(({ address, address6 }) =>
    [address, address6].filter((each) => each !== '').map((each) => `${each}\t${names}\n`),
  );
  const read = (path: string): string => {
    const text = fs.readText(path);
    return text.ok ? text.value : '';
  };
  const added = extra.join('') + linkHosts(linked);
  if (hostConfig.NetworkMode === 'host') fs.writeFile(`${folder}/hosts`, read('/etc/hosts') + added);
  else fs.writeFile(`${folder}/hosts`, hostsHead + added + own.join(''));
  const hostText = read('/etc/resolv.conf');
  const named = endpoints.some(({ network }) => hasNames(network));
  // The embedded resolver asks from the host's side, where a stub on the loopback can be reached.
  const path = named || hostConfig.NetworkMode === 'host' ? '/etc/resolv.conf' : resolverPath(hostText);
  const resolver = read(path);
  const transform = named ? internalResolvConf : legacyResolvConf;
  fs.writeFile(
    `${folder}/resolv.conf`,
    hostConfig.NetworkMode === 'host' ? resolver : transform(resolver, hostConfig, path),
  );
}
