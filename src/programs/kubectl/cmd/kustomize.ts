import type { Cli } from '../cli';
import type { Command } from '../command';
import { Failure } from '../errors';
import { flag } from '../flags/flag-set';
import { kustomized } from '../kustomize/build';
import { toYaml } from '../printers/yaml';
import { goErrno } from '../rest/kubeconfig';

async function run(cli: Cli): Promise<void> {
  const { args, flags, process } = cli;
  if (args.length > 1) throw new Failure('specify one path to kustomization.yaml');
  const { objects, warnings } = kustomized(process, args[0] ?? '.');
  for (const warning of warnings) await cli.err(`${warning}\n`);
  const text = objects.map((object) => toYaml(object)).join('---\n');
  const output = flags.string('output');
  if (output === '') return cli.out(text);
  const written = process.fs.writeFile(output, text);
  if (!written.ok) throw new Failure(`open ${output}: ${goErrno(written.error.message)}`);
}

export const kustomize: Command = {
  use: 'kustomize DIR [flags]',
  short: 'Build a kustomization target from a directory or URL',
  long: "Print the objects that a 'kustomization.yaml' file makes. DIR is the directory with that file; without it, it is the current one.",
  example: `# Of the current directory
  kubectl kustomize

  # Of a directory
  kubectl kustomize overlays/prod`,
  flags: [
    flag.bool('as-current-user', false, 'Run functions in containers as the user of this command.'),
    flag.bool('enable-alpha-plugins', false, 'Let plugins run.'),
    flag.bool('enable-helm', false, 'Let charts of Helm be used.'),
    flag.strings('env', [], 'Environment variables for functions.', { short: 'e' }),
    flag.strings('helm-api-versions', [], 'API versions that Helm takes to be there.'),
    flag.string('helm-command', 'helm', 'The program of Helm.'),
    flag.bool('helm-debug', false, 'Let Helm tell what it does.'),
    flag.string('helm-kube-version', '', 'Version of Kubernetes that Helm takes to be there.'),
    flag.string(
      'load-restrictor',
      'LoadRestrictionsRootOnly',
      "With 'LoadRestrictionsNone' files from outside the directory may be read.",
    ),
    flag.strings('mount', [], 'File systems for functions.'),
    flag.bool('network', false, 'Let functions use the network.'),
    flag.string('network-name', 'bridge', 'The network for containers of functions.'),
    flag.string('output', '', 'File to write to.', { short: 'o' }),
  ],
  run,
};
