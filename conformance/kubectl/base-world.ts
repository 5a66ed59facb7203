/** A `.world` file: files to write, then shell lines that bring a cluster to its state. */
export interface WorldFile {
  readonly files: Readonly<Record<string, string>>;
  readonly prep: readonly string[];
}

/** Reads `#file NAME … #end` blocks and what follows `#prep`. */
export function parseWorldFile(text: string): WorldFile {
  const files: Record<string, string> = {};
  const prep: string[] = [];
  let into: { readonly name: string; readonly lines: string[] } | undefined;
  let preparing = false;
  for (const line of text.split('\n')) {
    if (into !== undefined) {
      if (line === '#end') {
        files[into.name] = `${into.lines.join('\n')}\n`;
        into = undefined;
      } else into.lines.push(line);
    } else if (line.startsWith('#file ')) into = { name: line.slice(6).trim(), lines: [] };
    else if (line === '#prep') preparing = true;
    else if (line.startsWith('#')) preparing = false;
    else if (preparing && line.trim() !== '') prep.push(line);
  }
  return { files, prep };
}
