/** Breaks lines at spaces so that none is longer than `limit`, where words allow (mitchellh/go-wordwrap). */
export function wordWrap(text: string, limit: number): string {
  let out = '';
  let current = 0;
  let word = '';
  let space = '';
  const flush = (): void => {
    current += space.length + word.length;
    out += space + word;
    space = '';
    word = '';
  };
  for (const character of text) {
    if (character === '\n') {
      if (word !== '') flush();
      else if (current + space.length <= limit) out += space;
      space = '';
      out += '\n';
      current = 0;
    } else if (/\s/.test(character) && character !== '\u00a0') {
      if (space === '' || word !== '') flush();
      space += character;
    } else {
      word += character;
      if (current + word.length + space.length > limit && word.length < limit) {
        out += '\n';
        current = 0;
        space = '';
      }
    }
  }
  if (word !== '') return out + space + word;
  return current + space.length <= limit ? out + space : out;
}

export const indent = (text: string, amount: number): string => {
  const pad = ' '.repeat(amount);
  return pad + text.replaceAll('\n', `\n${pad}`);
};

const bullet = /^(\d+\.?|-|\*)\s/;

/** Lines of at most `limit` of words; lists, code and paragraphs stay apart (kubectl pkg/explain/formatter.go). */
export function wrapString(text: string, limit: number): readonly string[] {
  const wrapped: string[] = [];
  let line = '';
  let lastWord = '';
  const flush = (): void => {
    if (line === '') return;
    lastWord = '';
    wrapped.push(line);
    line = '';
  };
  for (const each of text.split('\n')) {
    const trimmed = each.trim();
    if (each.startsWith('    ')) {
      flush();
      wrapped.push(each);
      continue;
    }
    if (wrapped.length > 0 && trimmed === '') {
      flush();
      wrapped.push('');
      continue;
    }
    if (lastWord.endsWith(':') || trimmed === '' || bullet.test(trimmed)) flush();
    for (const word of trimmed.split(/\s+/).filter((part) => part !== '')) {
      lastWord = word;
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && longer.length > limit) {
        flush();
        line = word;
      } else {
        line = longer;
      }
    }
  }
  flush();
  return wrapped;
}
