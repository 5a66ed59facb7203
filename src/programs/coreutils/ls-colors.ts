import type { Stat } from '../../linux/fs/types';

/** dircolors' defaults for what is not a matter of the file name's end. */
export const defaultColors =
  'rs=0:di=01;34:ln=01;36:mh=00:pi=40;33:so=01;35:do=01;35:bd=40;33;01:cd=40;33;01:mi=00:su=37;41:sg=30;43:' +
  'ca=00:tw=30;42:ow=34;42:st=37;44:ex=01;32:*.tar=01;31:*.tgz=01;31:*.gz=01;31:*.zip=01;31:*.xz=01;31:*.bz2=01;31:' +
  '*.deb=01;31:*.rpm=01;31:*.jpg=01;35:*.jpeg=01;35:*.gif=01;35:*.png=01;35:*.svg=01;35:*.mp4=01;35:*.mp3=00;36:*.wav=00;36';

/** What `ls --color` paints names with: LS_COLORS, or the defaults. */
export interface Colors {
  readonly orphan: string | undefined;
  of(name: string, stat: Stat, resolves: boolean): string | undefined;
}

export function colorsOf(variable: string | undefined): Colors {
  const codes = new Map<string, string>();
  const endings: (readonly [string, string])[] = [];
  for (const pair of (variable === undefined || variable === '' ? defaultColors : variable).split(':')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals);
    const code = pair.slice(equals + 1);
    if (name.startsWith('*')) endings.push([name.slice(1), code]);
    else codes.set(name, code);
  }
  const used = (name: string): string | undefined => {
    const code = codes.get(name);
    return code === undefined || /^0*$/.test(code) ? undefined : code;
  };
  return {
    orphan: used('or'),
    of(name, { type, mode }, resolves) {
      switch (type) {
        case 'directory':
          if ((mode & 0o1002) === 0o1002) return used('tw');
          if ((mode & 0o002) !== 0) return used('ow');
          return (mode & 0o1000) !== 0 ? used('st') : used('di');
        case 'symlink':
          return resolves ? used('ln') : (used('or') ?? used('ln'));
        case 'fifo':
          return used('pi');
        case 'socket':
          return used('so');
        case 'block':
          return used('bd');
        case 'char':
          return used('cd');
        case 'file':
          if ((mode & 0o4000) !== 0) return used('su');
          if ((mode & 0o2000) !== 0) return used('sg');
          if ((mode & 0o111) !== 0) return used('ex');
          return endings.find(([ending]) => name.toLowerCase().endsWith(ending))?.[1] ?? used('fi');
      }
    },
  };
}
