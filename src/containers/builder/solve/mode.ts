/** `--chmod=755` or `--chmod=u=rwX,go-w`, for a file of this mode. */
export function changedMode(mode: number, chmod: string, isDirectory: boolean): number {
  if (/^[0-7]+$/.test(chmod)) return Number.parseInt(chmod, 8);
  let result = mode;
  for (const clause of chmod.split(',')) {
    const [, who = '', actions = ''] = /^([ugoa]*)(.*)$/.exec(clause) ?? [];
    const whom = who === '' || who.includes('a') ? 'ugo' : who;
    for (const [, operator = '', what = ''] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
      for (const one of whom) {
        const shift = one === 'u' ? 6 : one === 'g' ? 3 : 0;
        const bits = permissions(what, result, isDirectory) << shift;
        const special = specialBits(what, one);
        if (operator === '+') result |= bits | special;
        else if (operator === '-') result &= ~(bits | special);
        else result = (result & ~(7 << shift)) | bits | special;
      }
    }
  }
  return result & 0o7777;
}

function permissions(what: string, mode: number, isDirectory: boolean): number {
  let bits = 0;
  for (const letter of what) {
    if (letter === 'r') bits |= 4;
    else if (letter === 'w') bits |= 2;
    else if (letter === 'x' || (letter === 'X' && (isDirectory || (mode & 0o111) !== 0))) bits |= 1;
    else if (letter === 'u') bits |= (mode >> 6) & 7;
    else if (letter === 'g') bits |= (mode >> 3) & 7;
    else if (letter === 'o') bits |= mode & 7;
  }
  return bits;
}

function specialBits(what: string, one: string): number {
  let bits = what.includes('t') ? 0o1000 : 0;
  if (what.includes('s')) bits |= one === 'u' ? 0o4000 : one === 'g' ? 0o2000 : 0;
  return bits;
}
