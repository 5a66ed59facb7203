import type { Shell } from '../shell';

/** What bash says, and what dash and ash say instead. */
const table: readonly (readonly [bash: RegExp, dash: string, ash: string])[] = [
  [/^\$?(.+): unbound variable$/s, '$1: parameter not set', '$1: parameter not set'],
  [/^(.+): readonly variable$/s, '$1: is read only', '$1: is read only'],
  [/^(.+): division by 0 .*$/s, 'arithmetic expression: division by zero: "$1"', 'divide by zero'],
  [/^.+: bad substitution$/s, 'Bad substitution', 'syntax error: bad substitution'],
  [/^(.+): syntax error.*$/s, 'arithmetic expression: expecting primary: "$1"', 'arithmetic syntax error'],
  [/^(.+): parameter null or not set$/s, '$1: parameter not set or null', '$1: parameter not set or null'],
];

/** The message of an error in the words of the shell that meets it. */
export function wording({ dialect }: Shell, message: string): string {
  if (dialect === 'bash') return message;
  for (const [pattern, dash, ash] of table) {
    if (pattern.test(message)) return message.replace(pattern, dialect === 'dash' ? dash : ash);
  }
  return message;
}
