/** tar's letters and long names. Those with `:` take an argument. */
export const short = 'Aab:BcC:df:F:g:GhH:I:iJjK:kL:lmMN:nOoPpRrsST:tUuV:vWwX:xZz';
export const long: Readonly<Record<string, string>> = {
  create: 'c',
  extract: 'x',
  get: 'x',
  list: 't',
  append: 'r',
  update: 'u',
  diff: 'd',
  compare: 'd',
  concatenate: 'A',
  catenate: 'A',
  delete: 'delete',
  'absolute-names': 'P',
  anchored: 'anchored',
  'auto-compress': 'a',
  'blocking-factor:': 'b',
  bzip2: 'j',
  checkpoint: 'checkpoint',
  dereference: 'h',
  'directory:': 'C',
  'exclude:': 'exclude',
  'exclude-from:': 'X',
  'exclude-vcs': 'exclude-vcs',
  'file:': 'f',
  'files-from:': 'T',
  'force-local': 'force-local',
  'format:': 'H',
  'full-time': 'full-time',
  'group:': 'group',
  gunzip: 'z',
  gzip: 'z',
  'hard-dereference': 'hard-dereference',
  'ignore-case': 'ignore-case',
  'ignore-failed-read': 'ignore-failed-read',
  'ignore-zeros': 'i',
  'keep-directory-symlink': 'keep-directory-symlink',
  'keep-newer-files': 'keep-newer',
  'keep-old-files': 'k',
  'mode:': 'mode',
  'mtime:': 'mtime',
  'no-anchored': 'no-anchored',
  'no-auto-compress': 'no-auto-compress',
  'no-ignore-case': 'no-ignore-case',
  'no-overwrite-dir': 'no-overwrite-dir',
  'no-recursion': 'no-recursion',
  'no-same-owner': 'no-same-owner',
  'no-same-permissions': 'no-same-permissions',
  'no-wildcards': 'no-wildcards',
  'no-wildcards-match-slash': 'no-wildcards-match-slash',
  null: 'null',
  'numeric-owner': 'numeric-owner',
  'old-archive': 'o',
  'one-file-system': 'one-file-system',
  'one-top-level::': 'one-top-level',
  overwrite: 'overwrite',
  'overwrite-dir': 'overwrite-dir',
  'owner:': 'owner',
  portability: 'o',
  posix: 'posix',
  'preserve-order': 'preserve-order',
  'preserve-permissions': 'p',
  quiet: 'quiet',
  recursion: 'recursion',
  'recursive-unlink': 'recursive-unlink',
  'remove-files': 'remove-files',
  'same-order': 'preserve-order',
  'same-owner': 'same-owner',
  'same-permissions': 'p',
  'show-defaults': 'show-defaults',
  'skip-old-files': 'skip-old',
  'sort:': 'sort',
  sparse: 'S',
  'starting-file:': 'K',
  'strip-components:': 'strip',
  'to-stdout': 'O',
  totals: 'totals',
  touch: 'm',
  'transform:': 'transform',
  ungzip: 'z',
  'unlink-first': 'U',
  'use-compress-program:': 'I',
  verbose: 'v',
  wildcards: 'wildcards',
  'wildcards-match-slash': 'wildcards-match-slash',
  'xform:': 'transform',
  'exclude-caches': 'exclude-caches',
  xz: 'J',
  zstd: 'zstd',
  lzma: 'lzma',
};

const takesArgument = new Set('bCfFgHIKLNTVX');

/** `tar xzf a.tgz`: letters without a dash, whose arguments follow in their order. */
export function oldStyle(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first === undefined || first === '' || first.startsWith('-')) return args;
  const options: string[] = [];
  for (const letter of first) {
    options.push(`-${letter}`);
    if (takesArgument.has(letter)) {
      const value = rest.shift();
      if (value === undefined) {
        options.pop();
        options.push(`--old-option-lacks-argument=${letter}`);
      } else options.push(value);
    }
  }
  return [...options, ...rest];
}
