import type { ChainView, RuleView } from '../../world/protocol';
import { isSystem } from '../design/system';

// What a Service or a published port is made of comes first; then what leads there; then what every host has.
const rank = [
  'KUBE-SERVICES',
  'KUBE-NODEPORTS',
  'KUBE-SVC',
  'DOCKER',
  'KUBE-MARK-MASQ',
  'KUBE-POSTROUTING',
  'PREROUTING',
  'INPUT',
  'OUTPUT',
  'POSTROUTING',
];

function place(name: string): number {
  // KUBE-SEP, KUBE-EXT, KUBE-FW and KUBE-SVL chains stand with the chain of their Service.
  const known = name.replace(/^KUBE-(SEP|EXT|FW|SVL)-.*/, 'KUBE-SVC');
  const index = rank.findIndex((each) => known === each || known.startsWith(`${each}-`));
  return index < 0 ? rank.length : index;
}

/** `default/nginx` of a chain that kube-proxy made for a Service: its rules' comments begin so. */
export function serviceOf(chain: ChainView): string {
  return /^KUBE-(SVC|SEP|EXT|FW|SVL)-/.test(chain.name) ? named(chain.rules[0]) : '';
}

const named = (rule: RuleView | undefined): string =>
  /--comment "?([\w.-]+\/[\w.-]+)/.exec(rule?.text ?? '')?.[1] ?? '';

/** A rule or chain is wanted if its text has every word of `only`. */
export const mentions = (text: string, only: string): boolean =>
  only.split(/\s+/).every((word) => text.toLowerCase().includes(word.toLowerCase()));

export interface Filter {
  /** Words that a chain's name or one of its rules must have. */
  readonly only: string;
  /** Whether chains of the cluster's own Services are shown. */
  readonly system: boolean;
}

/** The chains to show, in reading order; a Service's chain is followed by those of its endpoints. */
export function chainsInOrder(chains: Iterable<ChainView>, { only, system }: Filter): readonly ChainView[] {
  return [...chains]
    .filter((chain) => chain.rules.length > 0)
    .map((chain) => ({ chain, service: serviceOf(chain), place: place(chain.name) }))
    .filter(({ service }) => system || !isSystemService(service))
    .filter(
      ({ chain }) => only === '' || mentions(chain.name, only) || chain.rules.some((rule) => mentions(rule.text, only)),
    )
    .sort(
      (a, b) =>
        a.place - b.place ||
        Number(isSystemService(a.service)) - Number(isSystemService(b.service)) ||
        compare(a.service, b.service) ||
        Number(a.chain.name.startsWith('KUBE-SEP-')) - Number(b.chain.name.startsWith('KUBE-SEP-')) ||
        compare(a.chain.name, b.chain.name),
    )
    .map(({ chain }) => chain);
}

/** The rules of a chain that are shown, and how many of the cluster's own Services are left out. */
export function rulesOf(
  chain: ChainView,
  { only, system }: Filter,
): { readonly shown: readonly RuleView[]; readonly hidden: number } {
  const wanted =
    only === '' || mentions(chain.name, only) ? chain.rules : chain.rules.filter((rule) => mentions(rule.text, only));
  const shown =
    system || chain.name !== 'KUBE-SERVICES' ? wanted : wanted.filter((rule) => !isSystemService(named(rule)));
  return { shown, hidden: wanted.length - shown.length };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function isSystemService(service: string): boolean {
  const [namespace = '', name = ''] = service.split('/');
  return isSystem(namespace) || (namespace === 'default' && name === 'kubernetes');
}

/** A piece of a rule, told apart so that the eye finds what decides. */
export interface Piece {
  readonly text: string;
  /** What stands between options is a gap. */
  readonly role: 'gap' | 'option' | 'comment' | 'chance' | 'target' | 'address';
}

const pieces =
  /(-m comment --comment (?:"[^"]*"|\S+))|(--probability \S+)|(-j \S+)|(--to-destination \S+)|((?:! )?-[\w-]+(?: (?![-!])\S+)*)/g;
const roles = ['comment', 'chance', 'target', 'address', 'option'] as const;

/** A probability as people say it: 0.33333333349 is 1/3. */
export function fraction(chance: string): string {
  const value = Number(chance.split(' ').at(-1));
  return value > 0 ? `1/${Math.round(1 / value)}` : '';
}

/** The rule's text in pieces; joined they are the text again. */
export function piecesOf(text: string): readonly Piece[] {
  const made: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pieces)) {
    if (match.index > end) made.push({ text: text.slice(end, match.index), role: 'gap' });
    const role = roles[match.slice(1).findIndex((group) => group !== undefined)] ?? 'gap';
    made.push({ text: match[0], role });
    end = match.index + match[0].length;
  }
  if (end < text.length) made.push({ text: text.slice(end), role: 'gap' });
  return made;
}
