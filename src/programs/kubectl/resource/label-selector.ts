import { Failure } from '../errors';
import type { JsonObject } from '../json';
import { parseSelector } from './selector';

/** A selector's text as metav1.LabelSelector (metav1.ParseToLabelSelector). */
export function parseToLabelSelector(source: string): JsonObject {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: JsonObject[] = [];
  for (const { key, operator, values } of parseSelector(source)) {
    switch (operator) {
      case '=':
        matchLabels[key] = values[0] ?? '';
        break;
      case 'in':
      case 'notin':
        matchExpressions.push({ key, operator: operator === 'in' ? 'In' : 'NotIn', values: values.toSorted() });
        break;
      case 'exists':
      case '!':
        matchExpressions.push({ key, operator: operator === 'exists' ? 'Exists' : 'DoesNotExist' });
        break;
      default:
        throw new Failure(`"${operator}" is not a valid label selector operator`);
    }
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}
