/** What a mode text does to a file's mode. */
export type ModeChange = (mode: number, directory: boolean) => number;

/** `755`, `u+x,go-w`, `a=rX` as chmod(1) reads them; `invalid` if it is none. */
export function parseMode(text: string, umask: number): ModeChange | 'invalid' {
  if (/^[0-7]{1,5}$/.test(text)) {
    const mode = Number.parseInt(text, 8);
    if (mode > 0o7777) return 'invalid';
    // Of a directory, fewer than five digits leave set-user-ID and set-group-ID alone.
    return (current, directory) => (directory && text.length < 5 ? mode | (current & 0o6000) : mode);
  }
  const changes: ModeChange[] = [];
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]|[0-7]+))+)$/.exec(clause);
    if (match === null) return 'invalid';
    const [, who = '', actions = ''] = match;
    for (const [, operator = '+', what = ''] of actions.matchAll(/([-+=])([rwxXst]+|[ugo]|[0-7]*)/g)) {
      changes.push(change(who, operator, what, umask));
    }
  }
  return (mode, directory) => changes.reduce((current, apply) => apply(current, directory), mode);
}

const masks: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

function change(who: string, operator: string, what: string, umask: number): ModeChange {
  const mask = who === '' ? 0o7777 & ~umask : [...who].reduce((sum, letter) => sum | (masks[letter] ?? 0), 0);
  return (mode, directory) => {
    let bits = 0;
    if (/^[ugo]$/.test(what)) {
      const shift = what === 'u' ? 6 : what === 'g' ? 3 : 0;
      const copied = (mode >> shift) & 7;
      bits = (copied << 6) | (copied << 3) | copied;
    } else {
      if (what.includes('r')) bits |= 0o444;
      if (what.includes('w')) bits |= 0o222;
      if (what.includes('x') || (what.includes('X') && (directory || (mode & 0o111) !== 0))) bits |= 0o111;
      if (what.includes('s')) bits |= 0o6000;
      if (what.includes('t')) bits |= 0o1000;
    }
    bits &= mask | (who === '' ? 0 : what.includes('t') && who.includes('o') ? 0o1000 : 0);
    if (operator === '+') return mode | bits;
    if (operator === '-') return mode & ~bits;
    const cleared = (who === '' ? 0o7777 : mask) & (directory ? 0o777 | (mask & 0o1000) : 0o7777);
    return (mode & ~cleared) | bits;
  };
}
