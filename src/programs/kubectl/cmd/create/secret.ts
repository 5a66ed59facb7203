import type { Command } from '../../command';
import { Failure } from '../../errors';
import { flag } from '../../flags/flag-set';
import { encode } from '../../../../linux/io/bytes';
import { parseCertificates, parseKey } from '../../../../linux/net/tls/certificate';
import { goErrno } from '../../rest/kubeconfig';
import { readSources, secretAdder, secretOf, sourceFlags } from './data';
import { base64 } from './base64';
import { typedCreate } from './typed';

const appendHash = flag.bool('append-hash', false, 'Append a hash of the content to the name.');
const shared = { root: '/api/v1', plural: 'secrets', failed: 'failed to create secret ' };

const generic = typedCreate({
  ...shared,
  use: 'generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  short: 'Create a secret from a local file, directory, or literal value',
  long: `Create a secret from files, directories or literal values.

 A file becomes a key named as the file, unless you give it another name. Of a directory each file whose name is a valid key is taken.`,
  example: `# Values given here
kubectl create secret generic login --from-literal=user=admin --from-literal=password=s3cret

# From a file
kubectl create secret generic key --from-file=ssh-privatekey=path/to/id_rsa`,
  flags: [...sourceFlags, flag.string('type', '', 'Type of the secret.')],
  build: (cli, name, namespace) => {
    const entries = new Map<string, Uint8Array>();
    readSources(cli, secretAdder(entries), 'secret');
    return secretOf(cli, name, namespace, entries, cli.flags.string('type'));
  },
});

const tls = typedCreate({
  ...shared,
  use: 'tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  short: 'Create a TLS secret',
  long: `Create a TLS secret from a pair of public and private key.

 The pair must exist already: the certificate PEM encoded, and matching the key.`,
  example: `# A TLS secret
kubectl create secret tls site --cert=tls.crt --key=tls.key`,
  flags: [
    appendHash,
    flag.string('cert', '', 'File with the certificate, PEM encoded.'),
    flag.string('key', '', 'File with the private key.'),
  ],
  build: (cli, name, namespace) => {
    const [cert, key] = [cli.flags.string('cert'), cli.flags.string('key')];
    if (cert === '' || key === '') throw new Failure('key and cert must be specified');
    const read = (path: string): string => {
      const content = cli.process.fs.readText(path);
      if (content.ok) return content.value;
      throw new Failure(`Cannot read file ${path}, open ${path}: ${goErrno(content.error.message)}`);
    };
    const [certPem, keyPem] = [read(cert), read(key)];
    checkPair(certPem, keyPem);
    const entries = new Map([
      ['tls.crt', encode(certPem)],
      ['tls.key', encode(keyPem)],
    ]);
    return secretOf(cli, name, namespace, entries, 'kubernetes.io/tls');
  },
});

/** tls.X509KeyPair, as far as certificates of this world go. */
function checkPair(certPem: string, keyPem: string): void {
  if (!certPem.includes('-----BEGIN')) throw new Failure('tls: failed to find any PEM data in certificate input');
  if (!keyPem.includes('-----BEGIN')) throw new Failure('tls: failed to find any PEM data in key input');
  if (!certPem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Failure(
      certPem.includes('PRIVATE KEY')
        ? 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
        : 'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: []',
    );
  }
  if (!keyPem.includes('PRIVATE KEY-----')) {
    throw new Failure('tls: found a certificate rather than a key in the PEM for the private key');
  }
  const [leaf] = parseCertificates(certPem);
  const key = parseKey(keyPem);
  if (leaf !== undefined && key !== undefined && leaf.keyId !== key.keyId)
    throw new Failure('tls: private key does not match public key');
}

const registry = typedCreate({
  ...shared,
  use: 'docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  short: 'Create a secret for use with a Docker registry',
  long: `Create a secret with which images can be pulled from a registry.

 docker login writes such credentials to ~/.docker/config.json; nodes and pods find them in secrets of this type.`,
  example: `# Credentials of a registry
kubectl create secret docker-registry reg --docker-server=registry.example.com --docker-username=me --docker-password=s3cret`,
  flags: [
    appendHash,
    flag.string('docker-email', '', 'E-mail address for the registry.'),
    flag.string('docker-password', '', 'Password for the registry.'),
    flag.string('docker-server', 'https://index.docker.io/v1/', 'Address of the registry.'),
    flag.string('docker-username', '', 'User name for the registry.'),
    flag.strings('from-file', [], 'A docker configuration file; its key must be .dockerconfigjson.'),
  ],
  build: (cli, name, namespace) => {
    const { flags } = cli;
    const [username, password] = [flags.string('docker-username'), flags.string('docker-password')];
    const server = flags.string('docker-server');
    const files = flags.list('from-file').length > 0;
    if (!files && (username === '' || password === '' || server === '')) {
      throw new Failure(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      );
    }
    const entries = new Map<string, Uint8Array>();
    if (files) readSources(cli, secretAdder(entries), 'secret');
    else {
      const email = flags.string('docker-email');
      const account = {
        username,
        password,
        ...(email === '' ? {} : { email }),
        auth: base64(encode(`${username}:${password}`)),
      };
      entries.set('.dockerconfigjson', encode(JSON.stringify({ auths: { [server]: account } })));
    }
    return secretOf(cli, name, namespace, entries, 'kubernetes.io/dockerconfigjson');
  },
});

export const secret: Command = {
  use: 'secret (docker-registry | generic | tls)',
  short: 'Create a secret using a specified subcommand',
  long: `Create a secret with the given type.

 A docker-registry type secret is for pulling images from a registry.

 A generic type secret holds any keys and values.

 A tls type secret holds a certificate and its key.`,
  commands: [registry, generic, tls],
};
