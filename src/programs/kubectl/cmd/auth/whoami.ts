import type { Cli } from '../../cli';
import type { Command } from '../../command';
import { Failure, isNotFound, isStatus } from '../../errors';
import { list, object, text, type JsonObject } from '../../json';
import { objectPrinter, printFlags } from '../../printers/output';
import { TabWriter } from '../../../toolkit/tabwriter';
import { accepts } from '../../rest/client';

async function ask(cli: Cli): Promise<JsonObject> {
  const versions = ['v1', 'v1beta1', 'v1alpha1'];
  for (const version of versions) {
    const apiVersion = `authentication.k8s.io/${version}`;
    try {
      return await cli.factory.client.json('POST', `/apis/${apiVersion}/selfsubjectreviews`, {
        accept: accepts.typed,
        body: { kind: 'SelfSubjectReview', apiVersion, metadata: { creationTimestamp: null } },
      });
    } catch (reason) {
      if (isStatus(reason, 'Forbidden'))
        throw new Failure(
          'the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it',
        );
      if (!isNotFound(reason)) throw reason;
    }
  }
  throw new Failure(
    'the selfsubjectreviews API is not enabled in the cluster\nenable APISelfSubjectReview feature gate and authentication.k8s.io/v1alpha1 or authentication.k8s.io/v1beta1 API',
  );
}

const bracketed = (values: readonly unknown[]): string => `[${values.map(String).join(' ')}]`;

async function run(cli: Cli): Promise<void> {
  const printer = objectPrinter(cli);
  const review = await ask(cli);
  if (printer !== undefined) return cli.out(printer.print(review, { typed: true }));
  const user = object(review, 'status', 'userInfo');
  const writer = new TabWriter();
  writer.write('ATTRIBUTE\tVALUE\n');
  if (text(user, 'username') !== '') writer.write(`Username\t${text(user, 'username')}\n`);
  if (text(user, 'uid') !== '') writer.write(`UID\t${text(user, 'uid')}\n`);
  if (list(user, 'groups').length > 0) writer.write(`Groups\t${bracketed(list(user, 'groups'))}\n`);
  const extra = object(user, 'extra');
  for (const key of Object.keys(extra).sort()) writer.write(`Extra: ${key}\t${bracketed(list(extra, key))}\n`);
  await cli.out(writer.flush());
}

export const whoami: Command = {
  use: 'whoami',
  short: 'Experimental: Check self subject attributes',
  long: 'Ask the server who it takes you for: your name, groups and other attributes.',
  example: `# Who am I
  kubectl auth whoami

  # As JSON
  kubectl auth whoami -o json`,
  flags: printFlags,
  run,
};
