import { signalNumber } from '../../../linux/process/signals';
import type { WaitStatus } from '../../../linux/process/types';

export { parseSignal, signalNames, signalNumber, signalText } from '../../../linux/process/signals';

/** `$?` of a process that ended or stopped. */
export function exitCode(status: WaitStatus): number {
  switch (status.kind) {
    case 'exited':
      return status.code;
    case 'continued':
      return 0;
    default:
      return 128 + signalNumber(status.signal);
  }
}
