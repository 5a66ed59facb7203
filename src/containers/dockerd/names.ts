import type { Random } from '../../sim/random';

/** Names for containers that nobody named: a word for how it is, and somebody who did something for ships or computers. */
const adjectives =
  'able agile amused awake bold brave breezy bright brisk calm candid cheerful clever cool cosy curious daring dazzling ' +
  'eager earnest easy elated fair fearless festive fond frosty gentle gifted glad golden graceful happy hardy hopeful ' +
  'humble jolly jovial keen kind lively loving loyal lucid lucky mellow merry mighty modest musing neat nimble noble ' +
  'patient peaceful playful polite proud quick quiet quirky ready relaxed roaming salty serene sharp silly sleepy smart ' +
  'steady stoic sturdy sunny swift tender thirsty tidy trusting upbeat vibrant vigilant warm wise witty wonderful zealous zen';
const surnames =
  'allen amdahl archimedes babbage bartik beaufort bell berners bohr boole borg brunel cerf chappe clarke codd cook curie ' +
  'darwin dijkstra drake ellis engelbart euler fermat floyd franklin galileo gauss goodall hamilton hawking hopper hypatia ' +
  'johnson kepler kilby knuth lamarr lamport leavitt liskov lovelace magellan mayer maxwell mclean mccarthy meitner mirzakhani ' +
  'moore nansen newton nobel noether nightingale pascal perlman pike poincare ramanujan ride ritchie shannon shackleton ' +
  'sinoussi stallman swartz tereshkova tesla thompson torvalds turing villani wescoff wilson wing wozniak wright yalow';

const first = adjectives.split(' ');
const second = surnames.split(' ');

/** `adjective_surname`; after a few tries with a digit. */
export function generateName(random: Random, taken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const base = `${first[random.below(first.length)] ?? 'calm'}_${second[random.below(second.length)] ?? 'hopper'}`;
    const name = attempt < 5 ? base : `${base}${random.below(10)}`;
    if (!taken(name)) return name;
  }
}
