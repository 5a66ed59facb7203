import { quote } from '../toolkit/quote';
import { tool } from '../toolkit/tool';

/** factor(1). */
export const factor = tool(
  {
    name: 'factor',
    usage: '[OPTION] [NUMBER]...',
    about:
      'Print the prime factors of each specified integer NUMBER.  If none\nare specified on the command line, read them from standard input.',
    short: 'h',
    long: { exponents: 'h' },
  },
  async (tool) => {
    const numbers =
      tool.operands.length > 0 ? tool.operands : (await tool.process.stdin.text()).split(/\s+/).filter(Boolean);
    for (const text of numbers) {
      if (!/^\s*\+?\d+$/.test(text)) {
        await tool.error(`${quote(text)} is not a valid positive integer`);
        continue;
      }
      const number = BigInt(text.trim().replace('+', ''));
      const found = factors(number);
      const shown = tool.options.has('h')
        ? [...new Set(found)].map((prime) => {
            const times = found.filter((one) => one === prime).length;
            return times === 1 ? String(prime) : `${prime}^${times}`;
          })
        : found.map(String);
      await tool.out.line([`${number}:`, ...shown].join(' '));
    }
    return tool.status;
  },
);

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  for (let square = base % modulus, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % modulus) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
  }
  return result;
};

/** Miller and Rabin's test; these bases decide all numbers below 3.3e24. */
function isPrime(number: bigint): boolean {
  let odd = number - 1n;
  let twos = 0;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  return [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n].every((base) => {
    if (number === base) return true;
    if (number % base === 0n) return false;
    let value = power(base, odd, number);
    if (value === 1n || value === number - 1n) return true;
    for (let round = 1; round < twos; round++) {
      value = (value * value) % number;
      if (value === number - 1n) return true;
    }
    return false;
  });
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

function factors(number: bigint): bigint[] {
  const found: bigint[] = [];
  let rest = number;
  for (let prime = 2n; prime < 2000n && prime * prime <= rest; prime += prime === 2n ? 1n : 2n) {
    for (; rest % prime === 0n; rest /= prime) found.push(prime);
  }
  const pending = rest > 1n ? [rest] : [];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next < 4_000_000n || isPrime(next)) found.push(next);
    else {
      const divisor = rho(next);
      pending.push(divisor, next / divisor);
    }
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Pollard's rho. */
function rho(number: bigint): bigint {
  for (let offset = 1n; ; offset++) {
    const step = (value: bigint): bigint => (value * value + offset) % number;
    let [slow, fast, divisor] = [2n, 2n, 1n];
    while (divisor === 1n) {
      slow = step(slow);
      fast = step(step(fast));
      divisor = gcd(slow > fast ? slow - fast : fast - slow, number);
    }
    if (divisor !== number) return divisor;
  }
}
