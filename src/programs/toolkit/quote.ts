/** What a shell would take for something else (gnulib quotearg, shell_escape_quoting_style), and the colon of messages. */
const special = /^$|^[~#]|^[{}]$|[\s!"$&'()*;<=>?[\\^`|:\x00-\x1f\x7f]/;

/** gnulib's quoteaf: always quoted, `'a b'`; with a quote inside, as a shell could read it back. */
export function quoteaf(name: string): string {
  const control = [...name].some((char) => char < ' ' || char === '\x7f');
  if (control) return escaped(name);
  if (!name.includes("'")) return `'${name}'`;
  if (!/["$`\\!]/.test(name)) return `"${name}"`;
  return `'${name.replaceAll("'", "'\\''")}'`;
}

/** gnulib's quotef: quoted only if a shell needs it. */
export const quotef = (name: string): string => (special.test(name) ? quoteaf(name) : name);

/** `'a'$'\n''b'`. */
function escaped(name: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\x1b': '\\033' };
  let text = '';
  let inQuotes = false;
  for (const char of name) {
    if (char < ' ' || char === '\x7f') {
      if (inQuotes) text += "'";
      else if (text === '') text += "''";
      inQuotes = false;
      text += `$'${escapes[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`}'`;
    } else {
      if (!inQuotes) text += "'";
      inQuotes = true;
      text += char === "'" ? "'\\''" : char;
    }
  }
  return inQuotes ? `${text}'` : text;
}

/** gnulib's quote: what messages put around arguments; `localQuotes` makes them plain where the locale is not UTF-8. */
export const quote = (text: string): string => `‘${text}’`;

/** Quotation marks as the locale of `env` has them (the C locale has only plain ones). */
export function localQuotes(message: string, env: ReadonlyMap<string, string>): string {
  const locale = env.get('LC_ALL') || env.get('LC_CTYPE') || env.get('LANG') || 'C';
  return /utf-?8/i.test(locale) ? message : message.replaceAll(/[‘’]/g, "'");
}
