/** What `h` shows: in our words. */
export const help = `
                   SUMMARY OF LESS COMMANDS

      Commands marked with * may be preceded by a number, N.
      A key preceded by a caret is typed with Ctrl; thus ^K is ctrl-K.

  h  H                 Display this help.
  q  :q  Q  :Q  ZZ     Exit.

                           MOVING

  e  ^E  j  ^N  CR  *  Forward  one line   (or N lines).
  y  ^Y  k  ^K  ^P  *  Backward one line   (or N lines).
  f  ^F  ^V  SPACE  *  Forward  one window (or N lines).
  b  ^B  ESC-v      *  Backward one window (or N lines).
  z                 *  Forward  one window (and set window to N).
  w                 *  Backward one window (and set window to N).
  d  ^D             *  Forward  one half-window (and set half-window to N).
  u  ^U             *  Backward one half-window (and set half-window to N).
  RightArrow        *  Right one half screen width (or N positions).
  LeftArrow         *  Left  one half screen width (or N positions).
  F                    Forward forever; like "tail -f".
  r  ^R  ^L  R         Repaint screen.

                          SEARCHING

  /pattern          *  Search forward for (N-th) matching line.
  ?pattern          *  Search backward for (N-th) matching line.
  n                 *  Repeat previous search.
  N                 *  Repeat previous search in reverse direction.
  ESC-u                Undo (toggle) search highlighting.
  &pattern             Display only matching lines.
        A pattern that begins with ! searches for lines that do not match.

                           JUMPING

  g  <  ESC-<       *  Go to first line in file (or line N).
  G  >  ESC->       *  Go to last line in file (or line N).
  p  %              *  Go to beginning of file (or N percent into file).
  m<letter>            Mark the current top line with <letter>.
  '<letter>            Go to a previously marked position.
  ''                   Go to the previous position.

                        CHANGING FILES

  :e [file]            Examine a new file.
  :n                *  Examine the (N-th) next file from the command line.
  :p                *  Examine the (N-th) previous file from the command line.
  =  ^G  :f            Print current file name.

                    MISCELLANEOUS COMMANDS

  -<flag>              Toggle a command line option.
  !command             Execute the shell command with $SHELL.
  v                    Edit the current file with $VISUAL or $EDITOR.

                           OPTIONS

  -F  Quit if the file fits on one screen.   -N  Line numbers.
  -i  Ignore case in searches.               -I  In patterns too.
  -m  -M  Longer prompts.                    -R  Colours are shown as such.
  -S  Chop long lines.                       -s  Squeeze blank lines.
  -X  Do not clear the screen.               -e -E  Quit at the end.
  +command  Do it at the beginning: +G, +F, +/pattern.
`;

export const version = `less 590 (GNU regular expressions)
Copyright (C) 1984-2021  Mark Nudelman

less comes with NO WARRANTY, to the extent permitted by law.
For information about the terms of redistribution,
see the file named README in the less distribution.
Home page: https://greenwoodsoftware.com/less
`;
