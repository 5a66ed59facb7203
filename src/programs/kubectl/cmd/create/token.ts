import type { Command } from '../../command';
import { ConnectionError, Failure, StatusError } from '../../errors';
import { flag } from '../../flags/flag-set';
import { text } from '../../json';
import { optional } from '../../manifest/objects';
import { objectPrinter, printFlags } from '../../printers/output';
import { accepts } from '../../rest/client';
import { nameFromArgs } from './typed';

const boundKinds: Readonly<Record<string, string>> = { Node: 'v1', Pod: 'v1', Secret: 'v1' };

export const token: Command = {
  use: 'token SERVICE_ACCOUNT_NAME',
  short: 'Request a service account token',
  long: 'Request a service account token.',
  example: `# A token for the API server
kubectl create token myapp

# For another namespace, and longer
kubectl create token myapp --namespace myns --duration 10m`,
  flags: [
    ...printFlags,
    flag.array('audience', [], 'Who is to accept the token; may be given several times. Default: the API server.'),
    flag.string('bound-object-kind', '', 'Kind of the object that the token is bound to: Node, Pod or Secret.'),
    flag.string('bound-object-name', '', 'Name of that object. The token ends with it.'),
    flag.string('bound-object-uid', '', 'UID of that object.'),
    flag.duration('duration', 0, 'How long the token is to be valid. 0 leaves it to the server.'),
  ],
  run: async (cli) => {
    const { flags } = cli;
    const name = nameFromArgs(cli);
    const printer = objectPrinter(cli);
    const duration = flags.number('duration');
    if (duration < 0) throw new Failure('--duration must be greater than or equal to 0');
    if (duration % 1000 !== 0) throw new Failure('--duration cannot be expressed in units less than seconds');
    const audiences = flags.list('audience');
    if (audiences.includes('')) throw new Failure('--audience must not be an empty string');
    const [kind, object, uid] = ['kind', 'name', 'uid'].map((part) => flags.string(`bound-object-${part}`));
    if (!kind) {
      if (object) throw new Failure('--bound-object-name can only be set if --bound-object-kind is provided');
      if (uid) throw new Failure('--bound-object-uid can only be set if --bound-object-kind is provided');
    } else if (boundKinds[kind] === undefined)
      throw new Failure(`supported --bound-object-kind values are ${Object.keys(boundKinds).join(', ')}`);
    else if (!object) throw new Failure('--bound-object-name is required if --bound-object-kind is provided');
    const { namespace } = cli.factory.namespace;
    const body = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: null },
      spec: {
        audiences: audiences.length === 0 ? null : audiences,
        expirationSeconds: duration === 0 ? null : duration / 1000,
        boundObjectRef: kind
          ? { kind, apiVersion: boundKinds[kind], ...optional('name', object), ...optional('uid', uid) }
          : null,
      },
      status: { token: '', expirationTimestamp: null },
    };
    try {
      const made = await cli.factory.client.json(
        'POST',
        `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
        {
          body,
          accept: accepts.typed,
        },
      );
      if (text(made, 'status', 'token') === '')
        throw new Failure('failed to create token: no token in server response');
      if (printer) await cli.out(printer.print(made, { typed: true }));
      else await cli.out(`${text(made, 'status', 'token')}${cli.terminal ? '\n' : ''}`);
    } catch (reason) {
      if (reason instanceof StatusError || reason instanceof ConnectionError)
        throw new Failure(`failed to create token: ${reason.message}`);
      throw reason;
    }
  },
};
