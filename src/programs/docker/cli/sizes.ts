import { err, ok, type Result } from '../../../sim/result';

/** go-units' RAMInBytes: `64m`, `1.5g`, powers of 1024; its messages are its own. */
export function parseSize(text: string): Result<number, string> {
  let end = text.length - 1;
  while (end >= 0 && !'0123456789. '.includes(text.charAt(end))) end--;
  if (end < 0) return err(`invalid size: '${text}'`);
  const number = text.slice(0, text.charAt(end) === ' ' ? end : end + 1);
  const suffix = text.slice(end + 1).toLowerCase();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(number))
    return err(`strconv.ParseFloat: parsing ${JSON.stringify(number)}: invalid syntax`);
  const size = Number(number);
  if (size < 0) return err(`invalid size: '${text}'`);
  if (suffix === '' || suffix === 'b') return ok(Math.floor(size));
  const power = 'kmgtp'.indexOf(suffix.charAt(0));
  const rest = suffix.slice(1);
  if (power < 0 || (rest !== '' && rest !== 'b' && rest !== 'ib'))
    return err(`invalid suffix: '${suffix.length > 3 ? text.slice(end + 1) : suffix}'`);
  return ok(Math.floor(size * 1024 ** (power + 1)));
}
