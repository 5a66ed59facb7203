import { singleQuote } from '../../expand/quote';
import type { Shell } from '../../shell';
import { outputOf } from './generate';
import { arranged, candidatesOf, nothing, type Offer } from './offer';
import { fileOffer } from './sources';
import type { TypedLine, TypedWord } from './typed-line';

/** Programs made with spf13/cobra: they say themselves what may come next (`kubectl __complete get po ''`). */
const programs = new Set(['kubectl', 'docker', 'helm', 'kubeadm', 'kind', 'minikube', 'oc']);

export const isCobra = (program: string): boolean => programs.has(program.replace(/^.*\//, ''));

/** Bits of the last line of the answer (cobra's ShellCompDirective). */
const enum Directive {
  error = 1,
  noSpace = 2,
  noFiles = 4,
  filterExtension = 8,
  filterDirectories = 16,
  keepOrder = 32,
}

/** Asks a program what fits. `command`: its name and what an alias adds. */
export async function cobraOffer(shell: Shell, typed: TypedLine, command: readonly string[]): Promise<Offer> {
  const args = typed.arguments;
  const last = args.at(-1) ?? typed.word;
  const [program = '', ...added] = command;
  const given = [...added, ...args.slice(1).map(({ text }) => text)];
  const line = `${[program, '__complete', ...given].map(singleQuote).join(' ')} 2>/dev/null`;
  const answer = await outputOf(shell, line, typed);
  const lines = answer.split('\n').filter((each) => each !== '');
  const directive = Number(/^:(\d+)$/.exec(lines.at(-1) ?? '')?.[1] ?? Directive.error);
  if ((directive & Directive.error) !== 0) return nothing(typed.cursor);
  const word = valueOf(last);
  const values = lines.slice(0, -1);
  if ((directive & Directive.filterExtension) !== 0) return fileOffer(shell, word, { extensions: values });
  if ((directive & Directive.filterDirectories) !== 0) return fileOffer(shell, word, { directories: true });
  const fitting = values.filter((each) => each.startsWith(word.text) && !each.startsWith('_activeHelp_ '));
  if (fitting.length === 0 && (directive & Directive.noFiles) === 0) return fileOffer(shell, word);
  const suffix = (directive & Directive.noSpace) !== 0 ? '' : ' ';
  const candidates = arranged(candidatesOf(fitting, suffix), (directive & Directive.keepOrder) === 0);
  return { start: word.start, prefix: word.quote, quote: word.quote, quotes: false, candidates };
}

/** Of `--flag=value` the value is completed. */
function valueOf(word: TypedWord): TypedWord {
  const equals = word.raw.startsWith('-') ? word.raw.indexOf('=') + 1 : 0;
  if (equals === 0) return word;
  return {
    ...word,
    start: word.start + equals,
    raw: word.raw.slice(equals),
    text: word.text.slice(word.text.indexOf('=') + 1),
  };
}
