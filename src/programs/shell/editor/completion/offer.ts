/** One thing that fits. */
export interface Candidate {
  /** As it will stand in the line, without quotes. */
  readonly text: string;
  /** In a list; files are shown without their directory. */
  readonly shown: string;
  readonly description?: string | undefined;
  /** What follows it in the line if it is the only one: a blank, a slash, nothing. */
  readonly suffix: string;
}

/** What fits at the cursor. */
export interface Offer {
  /** Where in the line that begins which a candidate replaces; it ends at the cursor. */
  readonly start: number;
  /** What stays as it was typed before every candidate: a directory with its quotes and variables. */
  readonly prefix: string;
  /** The quote that is open behind the prefix. */
  readonly quote: string;
  /** What is special to the shell is quoted when inserted. */
  readonly quotes: boolean;
  readonly candidates: readonly Candidate[];
}

export const nothing = (start: number): Offer => ({ start, prefix: '', quote: '', quotes: false, candidates: [] });

const byCodePoint = (a: Candidate, b: Candidate): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);

/** Candidates without repetitions, in order. */
export function arranged(candidates: readonly Candidate[], sorts = true): readonly Candidate[] {
  const unique = [...new Map(candidates.map((each) => [each.text, each])).values()];
  return sorts ? unique.sort(byCodePoint) : unique;
}

/** Candidates from plain words; a description follows a tab, or stands in brackets as cobra's bash script prints it. */
export function candidatesOf(values: readonly string[], suffix = ' '): readonly Candidate[] {
  return values.map((value) => {
    const [text = '', description] = value.split('\t');
    return { text, shown: text, description, suffix: /[=/:]$/.test(text) && suffix === ' ' ? '' : suffix };
  });
}
