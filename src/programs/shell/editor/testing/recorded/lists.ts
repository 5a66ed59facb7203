import type { RecordedKeys } from './types';

/** Ours to type, bash 5.2's to show: what was on an xterm after these keys (readline 8.2 with Debian's /etc/inputrc). */
export const listsKeys: readonly RecordedKeys[] = [
  {
    files: ['alpha', 'alps', 'also', 'dir/', 'a b', 'a-very-long-name-here', 'ab/'],
    cases: [
      [
        'ls a\t\t',
        [
          '$ ls a',
          'a b                    ab/                    alps',
          'a-very-long-name-here  alpha                  also',
          '$ ls a',
        ],
        [6, 3],
      ],
    ],
  },
  {
    files: ['alpha', 'alps', 'also', 'dir/', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7', 'x8', 'x9'],
    cases: [
      [
        'ls \t\t',
        [
          '$ ls ',
          'alpha  x1     x5     x9',
          'alps   x2     x6     ',
          'also   x3     x7     ',
          'dir/   x4     x8     ',
          '$ ls ',
        ],
        [5, 5],
        { columns: 30 },
      ],
    ],
  },
  {
    files: ['alpha', 'also', 'dir/'],
    cases: [['ls \t\tal\t\t', ['$ ls ', 'alpha  also   dir/   ', '$ ls al', 'alpha  also   ', '$ ls al'], [7, 4]]],
  },
  {
    files: ['d/one', 'd/two', 'd/sub/x'],
    cases: [['cat d/\t\t', ['$ cat d/', 'one  sub/ two  ', '$ cat d/'], [8, 2]]],
  },
  {
    cases: [
      [
        "complete -W 'zeta alpha mid' -o nosort q\rq \t\t",
        ["$ complete -W 'zeta alpha mid' -o nosort q", '$ q ', 'zeta   alpha  mid    ', '$ q '],
        [4, 3],
      ],
      [
        "complete -W 'zeta alpha mid' q\rq \t\t\t",
        ["$ complete -W 'zeta alpha mid' q", '$ q ', 'alpha  mid    zeta   ', '$ q ', 'alpha  mid    zeta   ', '$ q '],
        [4, 5],
      ],
    ],
  },
  {
    files: ['f001', 'f002'],
    cases: [['ls f\t\tn', ['$ ls f00n'], [9, 0]]],
  },
  {
    files: ['a', 'b'],
    cases: [['ls \u001b?', ['$ ls ', 'a  b  ', '$ ls '], [5, 2]]],
  },
  {
    files: ['a', 'b c'],
    cases: [['ls \u001b*', ['$ ls a b\\ c '], [12, 0]]],
  },
  {
    files: ['日本', '日曜', '日x'],
    cases: [['ls 日\t\t', ['$ ls 日', '日x   日曜  日本  ', '$ ls 日'], [7, 2]]],
  },
  {
    files:
      'f000 f001 f002 f003 f004 f005 f006 f007 f008 f009 f010 f011 f012 f013 f014 f015 f016 f017 f018 f019 f020 f021 f022 f023 f024 f025 f026 f027 f028 f029 f030 f031 f032 f033 f034 f035 f036 f037 f038 f039 f040 f041 f042 f043 f044 f045 f046 f047 f048 f049 f050 f051 f052 f053 f054 f055 f056 f057 f058 f059 f060 f061 f062 f063 f064 f065 f066 f067 f068 f069 f070 f071 f072 f073 f074 f075 f076 f077 f078 f079 f080 f081 f082 f083 f084 f085 f086 f087 f088 f089 f090 f091 f092 f093 f094 f095 f096 f097 f098 f099 f100 f101 f102 f103 f104 f105 f106 f107 f108 f109 f110 f111 f112 f113 f114 f115 f116 f117 f118 f119'.split(
        ' ',
      ),
    cases: [
      ['ls f\t\t', ['$ ls f', 'Display all 120 possibilities? (y or n)'], [39, 1], { rows: 8, columns: 40 }],
      ['ls f\t\tn', ['$ ls f', 'Display all 120 possibilities? (y or n)', '$ ls f'], [6, 2], { rows: 8, columns: 40 }],
      [
        'ls f\t\ty',
        [
          'f000  f020  f040  f060  f080  f100',
          'f001  f021  f041  f061  f081  f101',
          'f002  f022  f042  f062  f082  f102',
          'f003  f023  f043  f063  f083  f103',
          'f004  f024  f044  f064  f084  f104',
          'f005  f025  f045  f065  f085  f105',
          'f006  f026  f046  f066  f086  f106',
          '--More--',
        ],
        [8, 7],
        { rows: 8, columns: 40 },
      ],
      [
        'ls f\t\ty q',
        [
          'f007  f027  f047  f067  f087  f107',
          'f008  f028  f048  f068  f088  f108',
          'f009  f029  f049  f069  f089  f109',
          'f010  f030  f050  f070  f090  f110',
          'f011  f031  f051  f071  f091  f111',
          'f012  f032  f052  f072  f092  f112',
          'f013  f033  f053  f073  f093  f113',
          '$ ls f',
        ],
        [6, 7],
        { rows: 8, columns: 40 },
      ],
      [
        'ls f\t\ty\r',
        [
          'f001  f021  f041  f061  f081  f101',
          'f002  f022  f042  f062  f082  f102',
          'f003  f023  f043  f063  f083  f103',
          'f004  f024  f044  f064  f084  f104',
          'f005  f025  f045  f065  f085  f105',
          'f006  f026  f046  f066  f086  f106',
          'f007  f027  f047  f067  f087  f107',
          '--More--',
        ],
        [8, 7],
        { rows: 8, columns: 40 },
      ],
      [
        'ls f\t\ty  ',
        [
          'f013  f033  f053  f073  f093  f113',
          'f014  f034  f054  f074  f094  f114',
          'f015  f035  f055  f075  f095  f115',
          'f016  f036  f056  f076  f096  f116',
          'f017  f037  f057  f077  f097  f117',
          'f018  f038  f058  f078  f098  f118',
          'f019  f039  f059  f079  f099  f119',
          '$ ls f',
        ],
        [6, 7],
        { rows: 8, columns: 40 },
      ],
    ],
  },
];
