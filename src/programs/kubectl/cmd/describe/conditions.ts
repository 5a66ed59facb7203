import { list, text } from '../../json';
import { longTime, type DescribeWriter } from './writer';

/** Conditions with the time of their last change. */
export function conditionRows(w: DescribeWriter, object: unknown): void {
  const all = list(object, 'status', 'conditions');
  if (all.length === 0) return;
  w.write(0, 'Conditions:\n');
  w.write(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage\n');
  w.write(1, '----\t------\t------------------\t------\t-------\n');
  for (const each of all)
    w.write(
      1,
      `${text(each, 'type')}\t${text(each, 'status')}\t${longTime(text(each, 'lastTransitionTime'))}\t${text(each, 'reason')}\t${text(each, 'message')}\n`,
    );
}
