const breaks = new Set(['\r', '\n']);

/**
 * At which byte Go's base64.StdEncoding finds a text wrong (CorruptInputError of decodeQuantum, encoding/base64);
 * undefined: it is right. Line breaks may stand anywhere.
 */
export function corruptBase64(text: string): number | undefined {
  let at = 0;
  const skipBreaks = (): void => {
    while (breaks.has(text[at] ?? '')) at++;
  };
  for (;;) {
    // Four characters at a time.
    for (let place = 0; place < 4; place++) {
      skipBreaks();
      const char = text[at];
      if (char === undefined) return place === 0 ? undefined : text.length - place;
      if (/[A-Za-z0-9+/]/.test(char)) {
        at++;
        continue;
      }
      if (char !== '=' || place < 2) return at;
      at++;
      skipBreaks();
      if (place === 2) {
        if (text[at] === undefined) return text.length;
        if (text[at] !== '=') return at - 1;
        at++;
        skipBreaks();
      }
      return at < text.length ? at : undefined;
    }
  }
}
