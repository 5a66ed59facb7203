import type { Command } from '../../command';
import { contextCommands } from './contexts';
import { entryCommands } from './entries';
import { propertyCommands } from './property';
import { view } from './view';

export const config: Command = {
  use: 'config SUBCOMMAND',
  short: 'Modify kubeconfig files',
  long: `Change kubeconfig files with subcommands like "kubectl config set current-context my-context".

 Which files:

  1.  With --kubeconfig that file, and no other.
  2.  With $KUBECONFIG the files that it lists, put together. A value is changed in the file that it came from; a new one goes to the first file that is there, or else to the last one named.
  3.  Otherwise \${HOME}/.kube/config.`,
  commands: [...contextCommands, ...entryCommands, ...propertyCommands, view],
};
