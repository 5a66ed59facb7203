import type { Command } from '../../command';
import { pauseCommand, restartCommand, resumeCommand } from './change';
import { history } from './history';
import { status } from './status';
import { undo } from './undo';

export const rollout: Command = {
  use: 'rollout SUBCOMMAND',
  short: 'Manage the rollout of a resource',
  long: `Manage the rollout of one or many resources.
        
 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets`,
  example: `# Back to the revision before
kubectl rollout undo deployment/abc

# How far it is
kubectl rollout status daemonset/foo

# Start all pods anew
kubectl rollout restart deployment/abc`,
  bare: 'stdout',
  commands: [history, pauseCommand, resumeCommand, undo, status, restartCommand],
};
