import type { Command } from './command';
import { get } from './cmd/get/get';
import { globalFlags } from './flags/global';
import type { Group } from './help';

/** The commands as the help groups them; the order is also that of suggestions. */
export const rootGroups: readonly Group[] = [
  { title: 'Basic Commands (Beginner):', commands: [] },
  { title: 'Basic Commands (Intermediate):', commands: [get] },
  { title: 'Deploy Commands:', commands: [] },
  { title: 'Cluster Management Commands:', commands: [] },
  { title: 'Troubleshooting and Debugging Commands:', commands: [] },
  { title: 'Advanced Commands:', commands: [] },
  { title: 'Settings Commands:', commands: [] },
  { title: 'Subcommands provided by plugins:', commands: [] },
  { title: 'Other Commands:', commands: [] },
];

export const root: Command = {
  use: 'kubectl [flags]',
  short: 'kubectl controls the Kubernetes cluster manager',
  long: 'kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/',
  persistentFlags: globalFlags,
  commands: rootGroups.flatMap(({ commands }) => commands),
};
