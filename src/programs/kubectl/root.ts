import type { Command } from './command';
import { apply } from './cmd/apply/apply';
import { autoscale } from './cmd/autoscale';
import { certificate } from './cmd/certificate';
import { create } from './cmd/create/create';
import { deleteCommand } from './cmd/delete';
import { describe } from './cmd/describe/describe';
import { cordon, uncordon } from './cmd/drain/cordon';
import { drain } from './cmd/drain/drain';
import { edit } from './cmd/edit/edit';
import { attach } from './cmd/exec/attach';
import { exec } from './cmd/exec/exec';
import { expose } from './cmd/expose';
import { get } from './cmd/get/get';
import { annotate, label } from './cmd/label';
import { logs } from './cmd/logs/logs';
import { patch } from './cmd/patch';
import { replace } from './cmd/replace';
import { rollout } from './cmd/rollout/rollout';
import { run } from './cmd/run';
import { scale } from './cmd/scale';
import { set } from './cmd/set/set';
import { taint } from './cmd/taint';
import { wait } from './cmd/wait/wait';
import { globalFlags } from './flags/global';
import type { Group } from './help';

/** The commands as the help groups them; the order is also that of suggestions. */
export const rootGroups: readonly Group[] = [
  { title: 'Basic Commands (Beginner):', commands: [create, expose, run, set] },
  { title: 'Basic Commands (Intermediate):', commands: [get, edit, deleteCommand] },
  { title: 'Deploy Commands:', commands: [rollout, scale, autoscale] },
  { title: 'Cluster Management Commands:', commands: [certificate, cordon, uncordon, drain, taint] },
  { title: 'Troubleshooting and Debugging Commands:', commands: [describe, logs, attach, exec] },
  { title: 'Advanced Commands:', commands: [apply, patch, replace, wait] },
  { title: 'Settings Commands:', commands: [label, annotate] },
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
