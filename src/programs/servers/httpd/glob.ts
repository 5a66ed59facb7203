/** ap_fnmatch with FNM_PATHNAME off: `*`, `?` and brackets as a regular expression of the whole text. */
export function globPattern(glob: string, flags = ''): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
    .replace(/\[!/g, '[^');
  return new RegExp(`^${source}$`, flags);
}

/** A regular expression as PCRE takes it; undefined where it does not. */
export function regex(source: string, flags = ''): RegExp | undefined {
  const insensitive = source.startsWith('(?i)');
  try {
    return new RegExp(
      insensitive ? source.slice(4) : source,
      insensitive && !flags.includes('i') ? `${flags}i` : flags,
    );
  } catch {
    return undefined;
  }
}
