import { LoadError } from './value';

/** Splits a command line into words (mattn/go-shellwords): quotes and backslashes, no variables. */
export function fieldWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let inside = false;
  let quote = '';
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    if (char === '\\' && quote !== "'") {
      word += line.charAt(++index);
      inside = true;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      inside = true;
    } else if (/[ \t\r\n]/.test(char)) {
      if (inside) words.push(word);
      word = '';
      inside = false;
    } else if (';&|<>'.includes(char)) {
      // The shell's operators end the command for this parser.
      break;
    } else {
      word += char;
      inside = true;
    }
  }
  if (quote !== '') throw new LoadError('invalid command line string');
  if (inside) words.push(word);
  return words;
}
