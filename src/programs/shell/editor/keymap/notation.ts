/** The key sequences of readline(3) as people write them (`\C-x\e[A`) and as they are typed. */

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  d: '\x7f',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  e: '\x1b',
};

const control = (char: string): string =>
  char === '?' ? '\x7f' : String.fromCharCode(char.toUpperCase().charCodeAt(0) & 0x1f);

/** What a quoted sequence or macro stands for (rl_translate_keyseq). */
export function typedKeys(written: string): string {
  let typed = '';
  for (let at = 0; at < written.length; at++) {
    const char = written.charAt(at);
    if (char !== '\\') {
      typed += char;
      continue;
    }
    const [all, modifiers = '', rest = ''] = /^\\((?:C-|M-|\\C-|\\M-)+)(\\?[^])/.exec(written.slice(at)) ?? [];
    if (all !== undefined) {
      const plain = rest.length > 1 ? (escapes[rest.charAt(1)] ?? rest.charAt(1)) : rest;
      const key = modifiers.includes('C-') ? control(plain) : plain;
      typed += modifiers.includes('M-') ? `\x1b${key}` : key;
      at += all.length - 1;
      continue;
    }
    const [number, octal, hex] = /^\\(?:([0-7]{1,3})|x([\da-fA-F]{1,2}))/.exec(written.slice(at)) ?? [];
    if (number !== undefined) {
      typed += String.fromCharCode(octal === undefined ? parseInt(hex ?? '', 16) : parseInt(octal, 8) & 0xff);
      at += number.length - 1;
      continue;
    }
    const next = written.charAt(++at);
    typed += escapes[next] ?? next;
  }
  return typed;
}

const namedKeys: Readonly<Record<string, string>> = {
  del: '\x7f',
  rubout: '\x7f',
  esc: '\x1b',
  escape: '\x1b',
  lfd: '\n',
  newline: '\n',
  ret: '\r',
  return: '\r',
  spc: ' ',
  space: ' ',
  tab: '\t',
};

/** The one key that an unquoted name such as `Control-x`, `M-DEL` or `Tab` stands for. */
export function namedKey(name: string): string {
  const lower = name.toLowerCase();
  const last = lower.slice(lower.lastIndexOf('-', lower.length - 2) + 1);
  const plain = namedKeys[last] ?? name.charAt(name.length - last.length);
  const key = /(^|-)(control|ctrl|c)-/.test(lower) ? control(plain) : plain;
  return /(^|-)(meta|m)-/.test(lower) ? `\x1b${key}` : key;
}

/** How `bind` prints typed keys (rl_untranslate_keyseq). */
export function writtenKeys(typed: string): string {
  let written = '';
  for (const char of typed) {
    const code = char.charCodeAt(0);
    if (char === '\x1b') written += '\\e';
    else if (code === 0x7f) written += '\\C-?';
    else if (code < 32) written += `\\C-${String.fromCharCode(code | 0x40).toLowerCase()}`;
    else if (char === '"' || char === '\\') written += `\\${char}`;
    else if (code > 0x7f && code <= 0xff) written += `\\${code.toString(8)}`;
    else written += char;
  }
  return written;
}
