import type { Container } from '../container';
import type { Endpoint } from './network';

/** A container that another was linked to with `--link`, and by which name. */
export interface Linked {
  readonly alias: string;
  readonly child: Container;
  readonly endpoint: Endpoint;
}

type Find = (name: string) => Container | undefined;

/** `name:alias` of `--link`; alone, the name is the alias. */
export function splitLink(link: string): { readonly name: string; readonly alias: string } {
  const [name = '', alias] = link.split(':');
  const plain = name.replace(/^\//, '');
  return { name: plain, alias: (alias ?? plain).split('/').pop() ?? plain };
}

/** The running containers that one in the default bridge is linked to. */
export function linkedContainers({ hostConfig }: Container, find: Find): readonly Linked[] {
  return (hostConfig.Links ?? []).flatMap((link) => {
    const { name, alias } = splitLink(link);
    const child = find(name);
    const endpoint = [...(child?.endpoints.values() ?? [])].find(({ network }) => network.name === 'bridge');
    return child === undefined || endpoint === undefined ? [] : [{ alias, child, endpoint }];
  });
}

/** Lines of /etc/hosts for them (daemon/container_operations_unix.go, buildSandboxOptions). */
export const linkHosts = (linked: readonly Linked[]): string =>
  linked
    .map(({ alias, child, endpoint }) => {
      const names = [alias, child.config.Hostname, ...(alias === child.name ? [] : [child.name])];
      return `${endpoint.address}\t${names.join(' ')}\n`;
    })
    .join('');

/** Environment variables that tell of them: `DB_PORT_5432_TCP_ADDR` and the like (daemon/links/links.go). */
export function linkEnvironment(parent: Container, find: Find): readonly string[] {
  return linkedContainers(parent, find).flatMap(({ alias, child, endpoint }) => {
    const name = alias.toUpperCase().replaceAll('-', '_');
    const ports = Object.keys(child.config.ExposedPorts ?? {}).sort((a, b) => parseInt(a) - parseInt(b));
    const { address } = endpoint;
    const env: string[] = [];
    ports.forEach((port, index) => {
      const [number = '', protocol = 'tcp'] = port.split('/');
      const variable = `${name}_PORT_${number}_${protocol.toUpperCase()}`;
      if (index === 0) env.push(`${name}_PORT=${protocol}://${address}:${number}`);
      env.push(
        `${variable}=${protocol}://${address}:${number}`,
        `${variable}_ADDR=${address}`,
        `${variable}_PORT=${number}`,
        `${variable}_PROTO=${protocol}`,
      );
    });
    env.push(`${name}_NAME=/${parent.name}/${alias}`);
    for (const entry of child.config.Env ?? []) {
      const [key = ''] = entry.split('=');
      if (key !== 'HOME' && key !== 'PATH') env.push(`${name}_ENV_${entry}`);
    }
    return env;
  });
}
