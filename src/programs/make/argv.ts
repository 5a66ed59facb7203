/** What only a shell understands (sh_chars_sh of job.c), outside of quotes. */
const special = '#;"*?[]&|<>(){}$`^~!';
/** Commands of the shell itself (sh_cmds_sh of job.c). */
const builtins = new Set(
  (
    '. : alias bg break case cd command continue eval exec exit export fc fg for getopts hash if jobs login logout read ' +
    'readonly return set shift test times trap type ulimit umask unalias unset wait while'
  ).split(' '),
);

/**
 * How make runs a line (construct_command_argv_internal of job.c): simple ones without a shell, which shows in what is
 * said when there is no such command. Undefined: nothing to run.
 */
export function commandArguments(line: string, shell: string, flags: readonly string[] = ['-c']): string[] | undefined {
  const text = line.replace(/^[ \t]+/, '');
  if (text === '') return undefined;
  const simple = shell === '/bin/sh' && flags.length === 1 && flags[0] === '-c' ? simpleWords(text) : undefined;
  if (simple === undefined) return [shell, ...flags, text];
  return simple.length === 0 ? undefined : simple;
}

function simpleWords(text: string): string[] | undefined {
  const found: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted) {
      if (char === "'") quoted = false;
      else word += char;
    } else if (char === "'") {
      word ??= '';
      quoted = true;
    } else if (special.includes(char) || char === '\n') return undefined;
    else if (char === '=' && found.length === 0) return undefined;
    else if (char === '\\') {
      if (text[at + 1] === '\n') return undefined;
      word = (word ?? '') + text.charAt(++at);
    } else if (char === ' ' || char === '\t') {
      if (word !== undefined) found.push(word);
      word = undefined;
      if (found.length === 1 && builtins.has(found[0] ?? '')) return undefined;
    } else word = (word ?? '') + char;
  }
  if (quoted) return undefined;
  if (word !== undefined) found.push(word);
  return builtins.has(found[0] ?? '') ? undefined : found;
}
