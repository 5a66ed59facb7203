/** What the newest history line that starts with a text goes on with, up to the end of its line. */
export function suggestion(text: string, history: readonly string[]): string {
  if (text === '' || text.includes('\n')) return '';
  for (let at = history.length - 1; at >= 0; at--) {
    const line = history[at];
    if (line === undefined || line.length <= text.length || !line.startsWith(text)) continue;
    return line.slice(text.length).split('\n')[0] ?? '';
  }
  return '';
}
