/** What options and toggles say. */
export interface Settings {
  ignoreCase: 'no' | 'lower' | 'all';
  prompt: 'short' | 'medium' | 'long';
  numbers: boolean;
  chop: boolean;
  raw: '' | 'R' | 'r';
  squeeze: boolean;
  tildes: boolean;
  quitIfOneScreen: boolean;
  quitAtEnd: '' | 'second' | 'first';
  quitOnInterrupt: boolean;
  init: boolean;
  highlight: boolean;
  force: boolean;
  tabs: number;
  window: number | undefined;
  shift: number | undefined;
}

export const defaults = (): Settings => ({
  ignoreCase: 'no',
  prompt: 'short',
  numbers: false,
  chop: false,
  raw: '',
  squeeze: false,
  tildes: true,
  quitIfOneScreen: false,
  quitAtEnd: '',
  quitOnInterrupt: false,
  init: true,
  highlight: true,
  force: false,
  tabs: 8,
  window: undefined,
  shift: undefined,
});

/** Letters that are known but change nothing that shows here. */
export const inert = 'aABCdgJLnqQuUwW';

/** Turns an option over; what less says then, undefined where there is no such option. */
export function toggle(settings: Settings, letter: string): string | undefined {
  const turn = (
    key: 'ignoreCase' | 'prompt' | 'raw' | 'quitAtEnd',
    on: string,
    messages: readonly [string, string],
  ) => {
    const former = settings[key];
    const off = { ignoreCase: 'no', prompt: 'short', raw: '', quitAtEnd: '' }[key];
    Object.assign(settings, { [key]: former === on ? off : on });
    return former === on ? messages[0] : messages[1];
  };
  const flip = (
    key:
      | 'numbers'
      | 'chop'
      | 'squeeze'
      | 'tildes'
      | 'quitIfOneScreen'
      | 'quitOnInterrupt'
      | 'init'
      | 'highlight'
      | 'force',
    on: string,
    off: string,
  ): string => {
    settings[key] = !settings[key];
    return settings[key] ? on : off;
  };
  switch (letter) {
    case 'i':
      return turn('ignoreCase', 'lower', ['Case is significant in searches', 'Ignore case in searches']);
    case 'I':
      return turn('ignoreCase', 'all', ['Case is significant in searches', 'Ignore case in searches and in patterns']);
    case 'm':
      return turn('prompt', 'medium', ['Short prompt', 'Medium prompt']);
    case 'M':
      return turn('prompt', 'long', ['Short prompt', 'Long prompt']);
    case 'r':
      return turn('raw', 'r', ['Display control characters as ^X', 'Display control characters directly (not as ^X)']);
    case 'R':
      return turn('raw', 'R', [
        'Display control characters as ^X',
        'Display ANSI sequences directly, other control characters as ^X',
      ]);
    case 'e':
      return turn('quitAtEnd', 'second', ["Don't quit at end-of-file", 'Quit at end-of-file']);
    case 'E':
      return turn('quitAtEnd', 'first', ["Don't quit at end-of-file", 'Quit immediately at end-of-file']);
    case 'N':
      return flip('numbers', 'Constantly display line numbers', 'Use line numbers');
    case 'S':
      return flip('chop', 'Chop long lines', 'Fold long lines');
    case 's':
      return flip('squeeze', 'Squeeze multiple blank lines', 'Display all blank lines');
    case '~':
      return flip('tildes', 'Show tildes after end of file', "Don't show tildes after end of file");
    case 'F':
      return flip(
        'quitIfOneScreen',
        'Quit if entire file fits on first screen',
        "Don't quit if end-of-file is displayed on first screen",
      );
    case 'K':
      return flip('quitOnInterrupt', 'Interrupt (ctrl-C) exits less', 'Interrupt (ctrl-C) returns to prompt');
    case 'X':
      return flip('init', 'Use init/deinit strings', "Don't use init/deinit strings");
    case 'G':
      return flip('highlight', 'Highlight all matches for previous search pattern', "Don't highlight search matches");
    case 'f':
      return flip('force', 'Open all files', 'Open only regular files');
    default:
      return inert.includes(letter) && letter !== '' ? '' : undefined;
  }
}
