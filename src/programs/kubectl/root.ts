import type { Command } from './command';
import { apply } from './cmd/apply/apply';
import { diff } from './cmd/apply/diff';
import { auth } from './cmd/auth/auth';
import { autoscale } from './cmd/autoscale';
import { certificate } from './cmd/certificate';
import { apiResources, apiVersions } from './cmd/cluster/api-resources';
import { clusterInfo } from './cmd/cluster/cluster-info';
import { version } from './cmd/cluster/version';
import { config } from './cmd/config/config';
import { portForward } from './cmd/connect/port-forward';
import { proxy } from './cmd/connect/proxy';
import { cp } from './cmd/copy/cp';
import { create } from './cmd/create/create';
import { debug } from './cmd/debug/debug';
import { deleteCommand } from './cmd/delete';
import { describe } from './cmd/describe/describe';
import { cordon, uncordon } from './cmd/drain/cordon';
import { drain } from './cmd/drain/drain';
import { edit } from './cmd/edit/edit';
import { events } from './cmd/events';
import { attach } from './cmd/exec/attach';
import { exec } from './cmd/exec/exec';
import { explain } from './cmd/explain/explain';
import { expose } from './cmd/expose';
import { get } from './cmd/get/get';
import { kustomize } from './cmd/kustomize';
import { annotate, label } from './cmd/label';
import { logs } from './cmd/logs/logs';
import { completion } from './cmd/meta/completion';
import { alpha, options } from './cmd/meta/options';
import { plugin } from './cmd/meta/plugin';
import { patch } from './cmd/patch';
import { replace } from './cmd/replace';
import { rollout } from './cmd/rollout/rollout';
import { run } from './cmd/run';
import { scale } from './cmd/scale';
import { set } from './cmd/set/set';
import { taint } from './cmd/taint';
import { top } from './cmd/top/top';
import { wait } from './cmd/wait/wait';
import { globalFlags } from './flags/global';
import type { Group } from './help';

/** The commands as the help groups them; the order is also that of suggestions. */
export const rootGroups: readonly Group[] = [
  { title: 'Basic Commands (Beginner):', commands: [create, expose, run, set] },
  { title: 'Basic Commands (Intermediate):', commands: [explain, get, edit, deleteCommand] },
  { title: 'Deploy Commands:', commands: [rollout, scale, autoscale] },
  { title: 'Cluster Management Commands:', commands: [certificate, clusterInfo, top, cordon, uncordon, drain, taint] },
  {
    title: 'Troubleshooting and Debugging Commands:',
    commands: [describe, logs, attach, exec, portForward, proxy, cp, auth, debug, events],
  },
  { title: 'Advanced Commands:', commands: [diff, apply, patch, replace, wait, kustomize] },
  { title: 'Settings Commands:', commands: [label, annotate, completion] },
  { title: 'Subcommands provided by plugins:', commands: [] },
  { title: 'Other Commands:', commands: [apiResources, apiVersions, config, plugin, version] },
];

export const root: Command = {
  use: 'kubectl [flags]',
  short: 'kubectl controls the Kubernetes cluster manager',
  long: 'kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/',
  persistentFlags: globalFlags,
  commands: [...rootGroups.flatMap(({ commands }) => commands), alpha, options],
};
