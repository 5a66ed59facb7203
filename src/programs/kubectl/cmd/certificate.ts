import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure, isStatus } from '../errors';
import { flag, type Flag } from '../flags/flag-set';
import { isObject, list, text, withAt, type JsonObject } from '../json';
import { nameWithKind, objectPrinter, printFlags } from '../printers/output';
import { build } from '../resource/builder';
import { timeOf } from '../../../kubernetes/apimachinery/time';
import { filenameFlags, filenames, hasFiles } from './shared-flags';

type Verdict = 'Approved' | 'Denied';
const opposite: Readonly<Record<Verdict, Verdict>> = { Approved: 'Denied', Denied: 'Approved' };

/** With the condition, or undefined if it is there already. */
function judged(csr: JsonObject, verdict: Verdict, now: number): JsonObject | undefined {
  const conditions = list(csr, 'status', 'conditions').filter(isObject);
  const has = (type: string): boolean => conditions.some((each) => each['type'] === type);
  if (has(verdict)) return undefined;
  if (has(opposite[verdict]))
    throw new Failure(
      `certificate signing request "${text(csr, 'metadata', 'name')}" is already ${opposite[verdict].toLowerCase()}`,
    );
  const word = verdict === 'Approved' ? 'approve' : 'deny';
  const condition = {
    type: verdict,
    status: 'True',
    reason: verdict === 'Approved' ? 'KubectlApprove' : 'KubectlDeny',
    message: `This CSR was ${verdict.toLowerCase()} by kubectl certificate ${word}.`,
    lastUpdateTime: timeOf(now),
    lastTransitionTime: null,
  };
  return withAt(csr, ['status', 'conditions'], [...conditions, condition]) as JsonObject;
}

async function run(cli: Cli, verdict: Verdict): Promise<void> {
  if (cli.args.length === 0 && !hasFiles(cli))
    throw new Failure('one or more CSRs must be specified as <name> or -f <filename>');
  const printer = objectPrinter(cli);
  const result = await build(cli, {
    args: cli.args.map((name) => (name.includes('/') ? name : `certificatesigningrequest/${name}`)),
    ...filenames(cli),
    flatten: true,
    latest: true,
    continueOnError: true,
  });
  let found = 0;
  await result.visit(async ({ name, object = {} }) => {
    found++;
    const path = `/apis/certificates.k8s.io/v1/certificatesigningrequests/${name}`;
    let current = object;
    for (let attempt = 0; ; attempt++) {
      current = await cli.factory.client.get(path);
      const changed = judged(current, verdict, cli.process.clock.now);
      if (changed !== undefined) {
        try {
          await cli.factory.client.json('PUT', `${path}/approval`, { body: changed });
        } catch (reason) {
          if (!isStatus(reason, 'Conflict') || attempt >= 10) throw reason;
          continue;
        }
      }
      break;
    }
    await cli.out(printer ? printer.print(current) : `${nameWithKind(current)} ${verdict.toLowerCase()}\n`);
  });
  if (found === 0) await cli.out('No resources found\n');
}

const flags = (word: string): readonly Flag[] => [
  ...printFlags,
  ...filenameFlags(`that names the resource to ${word}`),
  flag.bool('force', false, 'Update the request even if it was judged before.'),
];

export const certificate: Command = {
  use: 'certificate SUBCOMMAND',
  short: 'Modify certificate resources',
  long: 'Modify certificate resources.',
  bare: 'help',
  commands: [
    {
      use: 'approve (-f FILENAME | NAME)',
      short: 'Approve a certificate signing request',
      long: `Approve a certificate signing request.

 The signer then issues the certificate. Do so only if you know who asks, and for what: whoever holds the certificate is believed to be who it names.`,
      example: '# Approve a request\nkubectl certificate approve csr-sqgzp',
      flags: flags('approve'),
      run: (cli) => run(cli, 'Approved'),
    },
    {
      use: 'deny (-f FILENAME | NAME)',
      short: 'Deny a certificate signing request',
      long: `Deny a certificate signing request.

 Tells the signer not to issue the certificate.`,
      example: '# Deny a request\nkubectl certificate deny csr-sqgzp',
      flags: flags('deny'),
      run: (cli) => run(cli, 'Denied'),
    },
  ],
};
