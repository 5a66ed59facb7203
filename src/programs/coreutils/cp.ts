import { copy, joinPath, targets, type Copied } from './copy';
import { baseName, dirName } from './simple';
import { tool, type Tool } from '../toolkit/tool';

const archive = { mode: true, owner: true, times: true, links: true };
const nothing = { mode: false, owner: false, times: false, links: false };

/** cp(1). */
export const cp = tool(
  {
    name: 'cp',
    usage: '[OPTION]... [-T] SOURCE DEST',
    about: 'Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.',
    short: 'abdfiHlLnPprRsS:t:Tuvx',
    long: {
      archive: 'a',
      'attributes-only': 'attributes-only',
      'backup::': 'b',
      dereference: 'L',
      force: 'f',
      interactive: 'i',
      link: 'l',
      'no-clobber': 'n',
      'no-dereference': 'P',
      'no-target-directory': 'T',
      'one-file-system': 'x',
      parents: 'parents',
      'preserve::': 'preserve',
      'no-preserve:': 'no-preserve',
      recursive: 'r',
      'reflink::': 'reflink',
      'remove-destination': 'remove-destination',
      'sparse:': 'sparse',
      'strip-trailing-slashes': 'strip',
      'suffix:': 'S',
      'symbolic-link': 's',
      'target-directory:': 't',
      update: 'u',
      verbose: 'v',
    },
  },
  async (tool) => {
    const { options } = tool;
    const pairs = await targets(tool, tool.operands, options.value('t'), options.has('T'));
    if (pairs === undefined) return 1;
    const kept = options.has('preserve') ? (options.value('preserve') ?? 'mode,ownership,timestamps') : '';
    const preserve = options.has('a')
      ? archive
      : options.has('p')
        ? { ...archive, links: options.has('d') }
        : kept === ''
          ? { ...nothing, links: options.has('d') }
          : {
              mode: /mode|all/.test(kept),
              owner: /ownership|all/.test(kept),
              times: /timestamps|all/.test(kept),
              links: /links|all/.test(kept) || options.has('d'),
            };
    const recursive = options.has('r', 'R', 'a');
    const clobber = options.last('n', 'i', 'f');
    const links = options.last('a', 'd', 'P', 'L');
    const copied: Copied = new Map();
    for (const [from, target] of pairs) {
      const to = options.has('parents') ? await withParents(tool, from) : target;
      if (to === undefined) continue;
      await copy(
        tool,
        options.has('strip') ? from.replace(/(.)\/+$/, '$1') : from,
        to,
        {
          recursive,
          links: links === 'L' ? 'follow' : links !== undefined ? 'keep' : recursive ? 'keep' : 'follow',
          preserve,
          force: options.has('f'),
          interactive: clobber === 'i',
          noClobber: clobber === 'n',
          update: options.has('u'),
          verbose: options.has('v'),
          hardLink: options.has('l'),
          symbolic: options.has('s'),
          backup: options.has('b', 'S'),
          removeDestination: options.has('remove-destination'),
          attributesOnly: options.has('attributes-only'),
        },
        copied,
      );
    }
    return tool.status;
  },
);

/** --parents: the whole name below the target directory, whose directories are made as the source's are. */
async function withParents(tool: Tool, from: string): Promise<string | undefined> {
  const { fs, options, operands } = tool;
  const folder = options.value('t') ?? operands.at(-1) ?? '.';
  const stat = fs.stat(folder);
  if (!stat.ok || stat.value.type !== 'directory') {
    await tool.error(`with --parents, the destination must be a directory`);
    return undefined;
  }
  const parts = dirName(from)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  let [source, target] = [from.startsWith('/') ? '/' : '', folder];
  for (const part of parts) {
    const plain = source === '' || source === '/' ? source + part : joinPath(source, part);
    target = joinPath(target, part);
    const made = fs.mkdir(target);
    if (made.ok && options.has('v')) await tool.out.line(`${plain} -> ${target}`);
    source = plain;
  }
  return joinPath(target, baseName(from));
}
