import { CommandError, type Invocation } from '../../cli/command';
import type { EndpointMeta, TlsFiles } from '../../cli/context-store';
import type { Session } from '../../cli/session';

/** An endpoint as it was asked for, and the certificates that go with it. */
export interface EndpointRequest {
  readonly meta: EndpointMeta;
  readonly tls: TlsFiles;
}

const keys = ['from', 'host', 'ca', 'cert', 'key', 'skip-tls-verify'];
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

/** Texts that `create` and `update` share in their help. */
export const endpointHelp = (verb: string, short: string): string => `${short}

Docker endpoint config:

NAME                DESCRIPTION
from                Copy named context's Docker endpoint configuration
host                Docker endpoint on which to connect
ca                  Trust certs signed only by this CA
cert                Path to TLS certificate file
key                 Path to TLS key file
skip-tls-verify     Skip TLS certificate validation

Example:

$ docker context ${verb} my-context --description "some description" --docker "host=tcp://myserver:2376,ca=~/ca-file,cert=~/cert-file,key=~/key-file"
`;

/** Refuses names that cannot be (cli/context/store: ValidateContextName). */
export function checkName(name: string): void {
  if (name === '') throw new CommandError('context name cannot be empty');
  if (name === 'default') throw new CommandError('"default" is a reserved context name');
  if (!namePattern.test(name))
    throw new CommandError(
      `context name "${name}" is invalid, names are validated against regexp "^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$"`,
    );
}

/** `--docker host=…,ca=…`: one flag's value is a list of pairs (pflag's stringToString). */
export function pairsOf(values: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const value of values) {
    for (const part of value.split(',')) {
      const equals = part.indexOf('=');
      if (equals < 0)
        throw new CommandError(
          `invalid argument "${value}" for "--docker" flag: ${part} must be formatted as key=value`,
          125,
        );
      pairs.set(part.slice(0, equals), part.slice(equals + 1));
    }
  }
  return pairs;
}

/** Where an endpoint of those pairs is (cli/command/context/options.go: getDockerEndpoint). */
export function endpointOf({ process, session }: Invocation, pairs: ReadonlyMap<string, string>): EndpointRequest {
  const unknown = [...pairs.keys()].filter((key) => !keys.includes(key));
  if (unknown.length > 0)
    throw new CommandError(
      `unable to create docker endpoint config: unrecognized config keys: ${unknown.toSorted().join(', ')}`,
    );
  const from = pairs.get('from');
  if (from !== undefined) return existing(session, from);
  const skip = pairs.get('skip-tls-verify');
  if (skip !== undefined && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(skip))
    throw new CommandError(
      `unable to create docker endpoint config: skip-tls-verify: strconv.ParseBool: parsing "${skip}": invalid syntax`,
    );
  const tls: Record<string, string> = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = pairs.get(name);
    if (path === undefined || path === '') continue;
    const text = process.fs.readText(path);
    if (!text.ok)
      throw new CommandError(
        `unable to create docker endpoint config: open ${path}: ${text.error.message.toLowerCase()}`,
      );
    tls[`${name}.pem`] = text.value;
  }
  const host = pairs.get('host') ?? '';
  if (host !== '' && !host.includes('://'))
    throw new CommandError(`unable to create docker endpoint config: unable to parse docker host \`${host}\``);
  return {
    meta: {
      ...(host === '' ? {} : { Host: host }),
      SkipTLSVerify: skip !== undefined && /^(1|t|T|TRUE|true|True)$/.test(skip),
    },
    tls,
  };
}

/** The endpoint of another context. */
export function existing(session: Session, name: string): EndpointRequest {
  if (name === 'default') return { meta: { Host: session.defaultEndpoint().host, SkipTLSVerify: false }, tls: {} };
  const meta = session.store.read(name).Endpoints['docker'];
  if (meta === undefined) throw new CommandError(`unable to get endpoint from context "${name}"`);
  const { fs } = session.process;
  const tls: Record<string, string> = {};
  for (const file of session.store.tlsFiles(name)['docker'] ?? []) {
    const text = fs.readText(`${session.store.tlsFolder(name)}/docker/${file}`);
    if (text.ok) tls[file] = text.value;
  }
  return { meta, tls };
}
