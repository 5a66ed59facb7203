import { literal } from './regex';

const known = new Map<string, RegExp>();

/** fnmatch(3): `*`, `?`, `[…]` match anything, slashes too. */
export function globToRegExp(glob: string, ignoreCase = false): RegExp {
  const key = `${ignoreCase ? 'i' : ''}${glob}`;
  let made = known.get(key);
  if (made === undefined) {
    made = make(glob, ignoreCase);
    if (known.size > 256) known.clear();
    known.set(key, made);
  }
  return made;
}

function make(glob: string, ignoreCase: boolean): RegExp {
  let source = '';
  for (let index = 0; index < glob.length; index++) {
    const char = glob.charAt(index);
    if (char === '*') source += '[^]*';
    else if (char === '?') source += '[^]';
    else if (char === '\\' && index + 1 < glob.length) source += escape(glob.charAt(++index));
    else if (char === '[') {
      const end = glob.indexOf(
        ']',
        glob.charAt(index + 1) === '!' || glob.charAt(index + 1) === '^' ? index + 3 : index + 2,
      );
      if (end < 0) source += '\\[';
      else {
        const body = glob.slice(index + 1, end);
        const negated = /^[!^]/.test(body);
        const inner = (negated ? body.slice(1) : body).replace(/[\\\][^]/g, '\\$&');
        source += `[${negated ? '^' : ''}${inner}]`;
        index = end;
      }
    } else source += escape(char);
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
}

const escape = (char: string): string => literal(char);
