import type { ITheme } from '@xterm/xterm';

/** ANSI palettes with enough contrast on their grounds (xterm's default fails axe); minimumContrastRatio mends the rest. */
export const darkTheme: ITheme = {
  background: '#0e141b',
  foreground: '#e6edf3',
  cursor: '#6cb6ff',
  selectionBackground: '#2f4a66',
  brightBlack: '#9aa7b4',
};

export const lightTheme: ITheme = {
  background: '#ffffff',
  foreground: '#16202b',
  cursor: '#0b5cad',
  selectionBackground: '#bcd7f5',
  black: '#16202b',
  white: '#4a5866',
  brightBlack: '#4a5866',
  brightWhite: '#16202b',
};
