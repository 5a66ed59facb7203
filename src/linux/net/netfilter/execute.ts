import type { CommandLine } from './command-line';
import { badRule, noSuchChain, type Edit } from './edit';
import type { Problem } from './spec';

/** Carries a changing command out; the listing ones (L, S, C) are their caller's. */
export function execute(
  edit: Edit,
  { verb, chain, number, second, rules, counters }: CommandLine,
  line = 0,
): Problem | undefined {
  switch (verb) {
    case 'N':
      return chain === undefined ? noSuchChain : edit.newChain(chain);
    case 'X':
      return edit.deleteChain(chain, line);
    case 'F':
      return edit.flush(chain);
    case 'Z':
      return edit.zero(chain, number);
    default:
  }
  if (chain === undefined || !edit.has(chain)) {
    if (verb === 'P') return { code: 1, text: 'Bad built-in chain name.' };
    return verb === 'C' || (verb === 'D' && number === undefined) ? badRule : noSuchChain;
  }
  switch (verb) {
    case 'A':
      return edit.add(chain, rules, 'end', counters);
    case 'I':
      return edit.add(chain, rules, number ?? 1, counters);
    case 'R': {
      const rule = rules[0];
      if (rule === undefined || rules.length > 1) {
        return { code: 2, text: 'Replacement rule does not allow multiple source or destination' };
      }
      return edit.replace(chain, number ?? 1, rule);
    }
    case 'D':
      if (number !== undefined) return edit.delete(chain, number);
      for (const rule of rules) {
        const problem = edit.delete(chain, rule);
        if (problem !== undefined) return problem;
      }
      return undefined;
    case 'C':
      return rules.every((rule) => edit.find(chain, rule) >= 0) ? undefined : badRule;
    case 'E':
      return edit.rename(chain, second ?? '');
    case 'P':
      return edit.setPolicy(chain, second ?? '');
    default:
      return undefined;
  }
}
