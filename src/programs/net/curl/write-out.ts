/** What `-w` can tell of a transfer (curl(1), --write-out). */
export type Variables = Readonly<Record<string, string>>;

/** Expands `%{name}`, `%%` and `\n \t \r`; text for stderr (`%{stderr}`) is kept apart. */
export function writeOut(format: string, variables: Variables): { readonly stdout: string; readonly stderr: string } {
  const out = { stdout: '', stderr: '' };
  let to: keyof typeof out = 'stdout';
  for (const [token] of format.matchAll(/%\{[^}]*\}|%%|\\.|[^]/g)) {
    if (token === '%{stderr}') to = 'stderr';
    else if (token === '%{stdout}') to = 'stdout';
    else if (token === '%{json}') out[to] += JSON.stringify(variables);
    else if (token.startsWith('%{header_') || !token.startsWith('%{')) out[to] += plain(token);
    else out[to] += variables[token.slice(2, -1)] ?? '';
  }
  return out;
}

function plain(token: string): string {
  switch (token) {
    case '%%':
      return '%';
    case '\\n':
      return '\n';
    case '\\t':
      return '\t';
    case '\\r':
      return '\r';
    default:
      return token;
  }
}
