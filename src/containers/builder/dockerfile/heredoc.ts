import { expand } from './expand';

/** A here-document of RUN, COPY or ADD. */
export interface Heredoc {
  readonly name: string;
  /** Its word was not quoted: variables in it are expanded. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are dropped. */
  readonly chomp: boolean;
  readonly content: string;
}

const nothing = new Map<string, string>();

/** `<<EOF`, `<<-"EOF"`, `3<<EOF` as one word (parser.ParseHeredoc). */
export function parseHeredoc(word: string): Heredoc | undefined {
  const match = /^(\d*)<<(-?)\s*([^<]*)$/.exec(word);
  const rest = match?.[3] ?? '';
  if (rest === '') return undefined;
  const { words } = expand(rest, nothing, { keepUnset: true });
  const [name, another] = words;
  if (name === undefined || another !== undefined) return undefined;
  const raw = expand(rest, nothing, { keepUnset: true, rawQuotes: true }).words[0] ?? '';
  return { name, expand: quotes(name) === quotes(raw), chomp: match?.[2] === '-', content: '' };
}

const quotes = (text: string): number => text.replace(/[^'"]/g, '').length;

/** Here-documents that a line announces, in order. */
export function heredocsOf(line: string): readonly Heredoc[] {
  const { words } = expand(line, nothing, { rawQuotes: true, rawEscapes: true, keepUnset: true });
  return words.flatMap((word) => parseHeredoc(word) ?? []);
}

/** Without the tabs at the beginnings of lines. */
export const chomped = (content: string): string => content.replace(/^\t+/gm, '');
