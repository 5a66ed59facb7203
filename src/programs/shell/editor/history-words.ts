/** The words of a history line as readline's history_tokenize gives them: operators of the shell are words too. */
export function historyWords(line: string): readonly string[] {
  const token =
    /(?:\d*(?:<<<|<<-?|>>|<&|>&|<>|>\||&>>?|[<>]))|;;|&&|\|\||[;|&()\n]|(?:\\[^]|"(?:\\[^]|[^"\\])*"?|'[^']*'?|`[^`]*`?|\$\([^)]*\)|[^\s;|&()<>'"`\\]|\\)+/g;
  return line.match(token) ?? [];
}
