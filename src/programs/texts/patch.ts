import { decode } from '../../linux/io/bytes';
import { readAll } from '../toolkit/latin1';
import { tool, type Tool } from '../toolkit/tool';
import { parsePatch, type FilePatch, type Hunk } from './patch-parse';

/** patch(1): unified, context-free and normal differences. */
export const patch = tool(
  {
    name: 'patch',
    usage: '[OPTION]... [ORIGFILE [PATCHFILE]]',
    about:
      '\nInput options:\n\n  -p NUM  --strip=NUM  Strip NUM leading components from file names.\n  -R  --reverse  Assume patches were created with old and new files swapped.\n  -i PATCHFILE  --input=PATCHFILE  Read patch from PATCHFILE instead of stdin.\n\nOutput options:\n\n  -o FILE  --output=FILE  Output patched files to FILE.\n  -b  --backup  Back up the original contents of each file.\n  -r FILE  --reject-file=FILE  Output rejects to FILE.\n  -E  --remove-empty-files  Remove output files that are empty after patching.\n  --dry-run  Do not actually change any files; just print what would happen.',
    package: 'GNU patch 2.7.6',
    trouble: 2,
    hint: "patch: Try 'patch --help' for more information.",
    short: 'bB:cd:D:eEfF:g:i:lnNo:p:r:RstTuvV:x:Y:z:Z',
    long: {
      backup: 'b',
      'directory:': 'd',
      'dry-run': 'dry-run',
      force: 'f',
      forward: 'N',
      'fuzz:': 'F',
      'input:': 'i',
      'ignore-whitespace': 'l',
      'output:': 'o',
      posix: 'posix',
      quiet: 's',
      silent: 's',
      'reject-file:': 'r',
      'remove-empty-files': 'E',
      reverse: 'R',
      'strip:': 'p',
      'suffix:': 'z',
      unified: 'u',
      verbose: 'verbose',
    },
  },
  async (tool) => {
    const { options, operands, process } = tool;
    const folder = options.value('d');
    if (folder !== undefined) {
      const real = process.fs.realpath(folder);
      if (!real.ok) return tool.fail(`**** Can't change to directory ${folder} : ${real.error.message}`);
      process.cwd = real.value;
    }
    const input = options.value('i') ?? operands[1] ?? '-';
    const bytes = await readAll(tool, input, (name, why) =>
      tool.error(`**** Can't open patch file ${name} : ${why}`, 2),
    );
    if (bytes === undefined) return 2;
    const files = parsePatch(decode(bytes));
    if (files.length === 0) {
      if (bytes.length > 0) return tool.fail('**** Only garbage was found in the patch input.');
      return 0;
    }
    for (const one of files) await apply(tool, one, operands[0]);
    return tool.status;
  },
);

const stripped = (path: string, count: number | undefined): string => {
  if (count === undefined) return path.split('/').at(-1) ?? path;
  return path.split('/').slice(count).join('/');
};

async function apply(tool: Tool, file: FilePatch, given: string | undefined): Promise<void> {
  const { fs, options, out } = tool;
  const reverse = options.has('R');
  const count = options.value('p') === undefined ? undefined : Number(options.value('p'));
  const names = [file.oldName, file.newName]
    .filter((name) => name !== undefined && name !== '/dev/null')
    .map((name) => stripped(name ?? '', count));
  const creates =
    (reverse ? file.newName : file.oldName) === '/dev/null' || (reverse ? file.newAbsent : file.oldAbsent);
  const deletes =
    (reverse ? file.oldName : file.newName) === '/dev/null' || (reverse ? file.oldAbsent : file.newAbsent);
  const path = given ?? names.find((name) => fs.stat(name).ok) ?? (creates ? names[0] : undefined);
  if (path === undefined) {
    await out.line(`can't find file to patch at input line ${file.line}`);
    await out.line(
      count === undefined
        ? 'Perhaps you should have used the -p or --strip option?'
        : 'Perhaps you used the wrong -p or --strip option?',
    );
    await out.line(`The text leading up to this was:\n--------------------------`);
    for (const line of file.head) await out.line(`|${line}`);
    await out.line('--------------------------\nFile to patch: \nSkip this patch? [y] ');
    await out.line(
      `Skipping patch.\n${file.hunks.length} out of ${file.hunks.length} hunk${file.hunks.length === 1 ? '' : 's'} ignored`,
    );
    tool.status = 1;
    return;
  }
  if (fs.readlink(path).ok) {
    const many = `${file.hunks.length} out of ${file.hunks.length} hunk${file.hunks.length === 1 ? '' : 's'}`;
    await out.line(`File ${path} is not a regular file -- refusing to patch`);
    await out.line(`${many} ignored -- saving rejects to file ${path}.rej`);
    fs.writeFile(`${path}.rej`, file.hunks.map(({ text }) => text).join(''));
    tool.status = 1;
    return;
  }
  const content = fs.readText(path);
  const dry = options.has('dry-run');
  if (!options.has('s'))
    await out.line(
      `${dry ? 'checking' : 'patching'} file ${options.has('o') ? `${options.value('o') ?? ''} (read from ${path})` : path}`,
    );
  let lines = content.ok && content.value !== '' ? content.value.split(/(?<=\n)/) : [];
  const original = lines;
  const rejected: Hunk[] = [];
  /** By how much lines are elsewhere than the patch says: with and without what it changed itself. */
  let offset = 0;
  let drift = 0;
  const fuzz = Number(options.value('F') ?? 2);
  for (const [index, hunk] of file.hunks.entries()) {
    const turned = reverse ? turn(hunk) : hunk;
    const found = place(lines, turned, offset, fuzz);
    if (found === undefined) {
      rejected.push(hunk);
      const undone = index === 0 && place(lines, turn(turned), offset, 0) !== undefined;
      if (undone && options.has('N')) {
        await out.line(`Reversed (or previously applied) patch detected!  Skipping patch.`);
        rejected.splice(0, rejected.length, ...file.hunks);
        break;
      }
      await out.line(`Hunk #${index + 1} FAILED at ${hunk.start}.`);
      continue;
    }
    const { at, used } = found;
    const expected = Math.max(0, turned.start - (turned.old.length === 0 ? 0 : 1));
    const moved = at - used - expected;
    const shift = moved - offset;
    lines = [
      ...lines.slice(0, at),
      ...turned.fresh.slice(used, turned.fresh.length - used),
      ...lines.slice(at + turned.old.length - 2 * used),
    ];
    if (shift + drift !== 0 || used > 0) {
      const lineCount = shift + drift;
      const where = at - used + 1;
      const fuzzy = used > 0 ? ` with fuzz ${used}` : '';
      const off = lineCount === 0 ? '' : ` (offset ${lineCount} line${Math.abs(lineCount) === 1 ? '' : 's'})`;
      if (!options.has('s')) await out.line(`Hunk #${index + 1} succeeded at ${where}${fuzzy}${off}.`);
    }
    drift += shift;
    offset = moved + turned.fresh.length - turned.old.length;
  }
  if (rejected.length > 0) {
    tool.status = 1;
    const many = `${rejected.length} out of ${file.hunks.length} hunk${file.hunks.length === 1 ? '' : 's'}`;
    const target = options.value('r') ?? `${path}.rej`;
    await out.line(dry ? `${many} FAILED` : `${many} FAILED -- saving rejects to file ${target}`);
    if (!dry) {
      const head = `--- ${file.oldName ?? path}\n+++ ${file.newName ?? path}\n`;
      fs.writeFile(target, head + rejected.map(({ text }) => text).join(''));
    }
  }
  if (dry) return;
  if (options.has('b') || rejected.length > 0) {
    fs.writeFile(path + (options.value('z') ?? '.orig'), original.join(''));
  }
  const result = lines.join('');
  const target = options.value('o') ?? path;
  if (result === '' && (deletes || options.has('E')) && rejected.length === 0) {
    fs.unlink(path);
    return;
  }
  const stat = fs.stat(path);
  const slash = target.lastIndexOf('/');
  if (slash > 0) fs.mkdirAll(target.slice(0, slash));
  const written = fs.writeFile(target, result, stat.ok ? stat.value.mode : 0o644);
  if (!written.ok) await tool.error(`**** Can't create file ${target} : ${written.error.message}`, 2);
}

const turn = (hunk: Hunk): Hunk => ({
  ...hunk,
  start: hunk.newStart,
  newStart: hunk.start,
  old: hunk.fresh,
  fresh: hunk.old,
});

/** Where a hunk fits, next to where it should; `used`: lines of context left out at each end. */
function place(
  lines: readonly string[],
  hunk: Hunk,
  offset: number,
  fuzz: number,
): { at: number; used: number } | undefined {
  for (let used = 0; used <= Math.min(fuzz, hunk.context); used++) {
    const old = hunk.old.slice(used, hunk.old.length - used);
    const expected = Math.max(0, hunk.start - (hunk.old.length === 0 ? 0 : 1)) + offset + used;
    const fits = (at: number): boolean =>
      at >= 0 && at + old.length <= lines.length && old.every((line, index) => lines[at + index] === line);
    for (let distance = 0; distance <= lines.length + Math.abs(offset) + 1; distance++) {
      if (fits(expected + distance)) return { at: expected + distance, used };
      if (fits(expected - distance)) return { at: expected - distance, used };
    }
  }
  return undefined;
}
