import { copy, targets, type Copied } from './copy';
import { tool } from '../toolkit/tool';

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
    for (const [from, to] of pairs) {
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
          backup: options.has('b', 'S') ? (options.value('S') ?? '~') : undefined,
          removeDestination: options.has('remove-destination'),
        },
        copied,
      );
    }
    return tool.status;
  },
);
