/**
 * A message of the command here, `{}` for its operands (in quotation marks or not) → BusyBox's words for it, or
 * undefined where BusyBox says nothing. The one place where messages are worded anew: it sees what a command is about
 * to complain of, never what it prints. `{usage}` stands for wrong usage without a word.
 */
export type Phrase = readonly [theirs: string, busybox: string | undefined];

const cannotOpen: Phrase = ['{}: {}', "can't open '{0}': {1}"];
const directory: Phrase = ['{}: Is a directory', 'read error: Is a directory'];
const plain: Phrase = ['{}: {}', '{0}: {1}'];
const access: Phrase = ['cannot access {}: {}', '{0}: {1}'];
const forReading = (words: string): Phrase => ['cannot open {} for reading: {}', words];
const execute: Phrase = ['failed to run command {}: {}', "can't execute '{0}': {1}"];
const sums: readonly Phrase[] = [
  ['{}: Is a directory', "can't read '{0}': Is a directory"],
  ['WARNING: {}', 'WARNING: {0}'],
  cannotOpen,
];
const create: readonly Phrase[] = [
  ['cannot create fifo {}: {}', '{0}: {1}'],
  ['cannot create special file {}: {}', '{0}: {1}'],
  plain,
];
const links: readonly Phrase[] = [
  ['failed to create symbolic link {} -> {}: {}', '{0}: {2}'],
  ['failed to create symbolic link {}: {}', '{0}: {1}'],
  ['failed to create hard link {} => {}: {}', '{0}: {2}'],
  ['failed to create hard link {}: {}', '{0}: {1}'],
  ['failed to access {}: {}', '{0}: {1}'],
  ['{}: hard link not allowed for directory', '{0}: Operation not permitted'],
];
const owner: readonly Phrase[] = [
  access,
  ['changing ownership of {}: {}', '{0}: {1}'],
  ['changing group of {}: {}', '{0}: {1}'],
  ['invalid user: {}', 'unknown user {0}'],
  ['invalid group: {}', 'unknown group {0}'],
];
const grep: readonly Phrase[] = [plain];
const gzip: readonly Phrase[] = [['{}: unknown suffix -- ignored', '{0}: unknown suffix - ignored'], plain];

export const words: Readonly<Record<string, readonly Phrase[]>> = {
  cat: [directory, cannotOpen],
  touch: [
    ['cannot touch {}: {}', '{0}: {1}'],
    ['setting times of {}: {}', '{0}: {1}'],
    ['failed to get attributes of {}: {}', '{0}: {1}'],
    ['invalid date format {}', "invalid date '{0}'"],
  ],
  mkdir: [['cannot create directory {}: {}', "can't create directory '{0}': {1}"]],
  rmdir: [['failed to remove {}: {}', "'{0}': {1}"]],
  rm: [
    ['cannot remove {}: Is a directory', "'{0}' is a directory"],
    ['cannot remove {}: {}', "can't remove '{0}': {1}"],
    ["refusing to remove '.' or '..' directory: skipping {}", "can't remove '.' or '..'"],
  ],
  unlink: [['cannot unlink {}: {}', "can't remove file '{0}': {1}"]],
  cp: [
    ['cannot stat {}: {}', "can't stat '{0}': {1}"],
    ['cannot create regular file {}: {}', "can't create '{0}': {1}"],
    ['cannot create directory {}: {}', "can't create directory '{0}': {1}"],
    ['cannot create symbolic link {}: {}', "can't create symlink '{0}': {1}"],
    ['cannot open {} for reading: {}', "can't open '{0}': {1}"],
    ['-r not specified; omitting directory {}', "omitting directory '{0}'"],
    ['cannot overwrite directory {} with non-directory', "'{0}' is a directory"],
    ['error writing {}: {}', 'write error: {1}'],
    ['target {}: {}', "can't create '{0}': {1}"],
    ['preserving permissions for {}: {}', "can't preserve permissions of '{0}': {1}"],
    ['failed to preserve ownership for {}: {}', "can't preserve ownership of '{0}': {1}"],
  ],
  mv: [
    ['cannot stat {}: {}', "can't rename '{0}': {1}"],
    ['cannot move {} to a subdirectory of itself, {}', "can't rename '{0}': Invalid argument"],
    ['cannot move {} to {}: {}', "can't rename '{0}': {2}"],
    ['target {}: {}', "can't rename '{0}': {1}"],
    ['cannot overwrite directory {} with non-directory', "'{0}' is a directory"],
    ['cannot remove {}: {}', "can't remove '{0}': {1}"],
    ['cannot create regular file {}: {}', "can't create '{0}': {1}"],
  ],
  ln: links,
  link: [['cannot create link {} to {}: {}', "can't create link '{0}' to '{1}': {2}"]],
  ls: [
    access,
    ['cannot open directory {}: {}', "can't open '{0}': {1}"],
    ['cannot read symbolic link {}: {}', '{0}: {1}'],
  ],
  chmod: [access, ['changing permissions of {}: {}', '{0}: {1}'], ['invalid mode: {}', "invalid mode '{0}'"]],
  chown: owner,
  chgrp: owner,
  head: [
    forReading('{0}: {1}'),
    ['error reading {}: {}', '{0}: {1}'],
    ['invalid number of lines: {}', "invalid number '{0}'"],
    ['invalid number of bytes: {}', "invalid number '{0}'"],
  ],
  tail: [
    forReading("can't open '{0}': {1}"),
    ['invalid number of lines: {}', "invalid number '{0}'"],
    ['invalid number of bytes: {}', "invalid number '{0}'"],
  ],
  sort: [
    ['cannot read: {}: {}', '{0}: {1}'],
    ['open failed: {}: {}', '{0}: {1}'],
  ],
  uniq: [cannotOpen],
  cut: [
    ['you must specify a list of bytes, characters, or fields', 'expected a list of bytes, characters, or fields'],
    [
      'an input delimiter may be specified only when operating on fields',
      'a delimiter may be specified only when operating on fields',
    ],
    [
      'suppressing non-delimited lines makes sense\n\tonly when operating on fields',
      'suppressing non-delimited lines makes sense only when operating on fields',
    ],
  ],
  grep,
  egrep: grep,
  fgrep: grep,
  sed: [
    ["can't read {}: {}", '{0}: {1}'],
    ["couldn't open file {}: {}", "can't open '{0}': {1}"],
    ["-e expression {}: unterminated `s' command", "unmatched '/'"],
    ["-e expression {}: unterminated `y' command", "unmatched '/'"],
    ["-e expression {}: unknown option to `s'", 'bad option in substitution expression'],
    ["-e expression {}: unknown command: `{}'", 'unsupported command {1}'],
    ['-e expression {}: unknown command: {}', 'unsupported command {1}'],
  ],
  find: [
    ["unknown predicate `{}'", 'unrecognized: {0}{usage}'],
    ['Unknown argument to -type: {}', "invalid argument '{0}' to '-type'"],
    plain,
  ],
  xargs: [plain],
  dd: [
    ['failed to open {}: {}', "can't open '{0}': {1}"],
    ['invalid number: {}', "invalid number '{0}'"],
    ['unrecognized operand {}', '{usage}'],
  ],
  df: [['{}: No such file or directory', "{0}: can't find mount point"]],
  du: [access, ['cannot read directory {}: {}', '{0}: {1}']],
  stat: [
    ['cannot statx {}: {}', "can't stat '{0}': {1}"],
    ['cannot read file system information for {}: {}', "can't read file system information for '{0}': {1}"],
  ],
  id: [['{}: no such user', 'unknown user {0}']],
  groups: [['{}: no such user', 'unknown user {0}']],
  date: [
    ['invalid date {}', "invalid date '{0}'"],
    ['cannot set date: {}', "can't set date: {0}"],
  ],
  md5sum: sums,
  sha1sum: sums,
  sha256sum: sums,
  sha512sum: sums,
  sha3sum: sums,
  diff: [['{}: {}', "can't stat '{0}': {1}"]],
  env: [execute, ['{}: {}', "can't execute '{0}': {1}"]],
  nohup: [execute],
  nice: [execute],
  timeout: [execute, ['invalid time interval {}', "invalid number '{0}'"]],
  setsid: [execute, ['failed to execute {}: {}', "can't execute '{0}': {1}"]],
  chroot: [['cannot change root directory to {}: {}', "can't change root directory to '{0}': {1}"], execute],
  unshare: [
    ['unshare failed: {}', 'unshare(0x{flags}): {0}'],
    ['failed to execute {}: {}', "can't execute '{0}': {1}"],
  ],
  sleep: [['invalid time interval {}', "invalid number '{0}'"]],
  seq: [['invalid floating point argument: {}', '{usage}']],
  expr: [
    ['missing operand', 'too few arguments'],
    ['syntax error: missing argument after {}', 'syntax error'],
    ['syntax error: {}', 'syntax error'],
    ['non-integer argument', 'non-numeric argument'],
  ],
  killall: [['{}: no process found', '{0}: no process killed']],
  tar: [
    ['{}: Cannot open: {}', "can't open '{0}': {1}"],
    ['{}: Cannot stat: {}', '{0}: {1}'],
    ["Removing leading `/' from member names", "removing leading '/' from member names"],
    ['Exiting with failure status due to previous errors', 'error exit delayed from previous errors'],
    ['This does not look like a tar archive', 'short read'],
    ['Error is not recoverable: exiting now', undefined],
  ],
  gzip,
  gunzip: gzip,
  zcat: gzip,
  base64: [['invalid input', 'truncated input']],
  strings: [plain],
  tac: [['failed to open {} for reading: {}', '{0}: {1}']],
  mktemp: [
    ["too few X's in template {}", '(null): Invalid argument'],
    ['failed to create file via template {}: {}', '(null): {1}'],
    ['failed to create directory via template {}: {}', '(null): {1}'],
  ],
  mkfifo: create,
  mknod: create,
  truncate: [
    ['Invalid number: {}', "invalid number '{0}'"],
    ['cannot open {} for writing: {}', '{0}: {1}'],
  ],
  mount: [
    ['{}: permission denied.', 'permission denied (are you root?)'],
    ['{}: must be superuser to use mount.', 'permission denied (are you root?)'],
    ['{}: mount point does not exist.', 'mounting {source} on {0} failed: No such file or directory'],
    ['{}: unknown filesystem type {}.', 'mounting {source} on {0} failed: No such device'],
  ],
  umount: [
    ['{}: no mount point specified.', "can't unmount {0}: No such file or directory"],
    ['{}: not mounted.', "can't unmount {0}: Invalid argument"],
    ['{}: must be superuser to unmount.', "can't unmount {0}: Operation not permitted"],
    ['{}: target is busy.', "can't unmount {0}: Resource busy"],
  ],
  more: [['cannot open {}: {}', "can't open '{0}': {1}"]],
  hostname: [['you must be root to change the host name', 'sethostname: Operation not permitted']],
  factor: [['{} is not a valid positive integer', '{usage}']],
  wc: [plain],
  comm: [plain],
  cmp: [plain],
  tee: [plain],
};
