import type { Termios } from './types';

/** Special characters (termios(3), c_cc) in the order of stty; `undefined` is _POSIX_VDISABLE. */
export const defaultCharacters = {
  intr: 3,
  quit: 28,
  erase: 127,
  kill: 21,
  eof: 4,
  eol: 0,
  eol2: 0,
  swtch: 0,
  start: 17,
  stop: 19,
  susp: 26,
  rprnt: 18,
  werase: 23,
  lnext: 22,
  discard: 15,
};

/** The settings of a new pty (tty_std_termios, include/linux/termios_internal.h), by the names that stty uses. */
class Flags {
  // c_cflag
  parenb = false;
  parodd = false;
  cmspar = false;
  hupcl = false;
  cstopb = false;
  cread = true;
  clocal = false;
  crtscts = false;
  // c_iflag
  ignbrk = false;
  brkint = false;
  ignpar = false;
  parmrk = false;
  inpck = false;
  istrip = false;
  inlcr = false;
  igncr = false;
  icrnl = true;
  ixon = true;
  ixoff = false;
  iuclc = false;
  ixany = false;
  imaxbel = false;
  iutf8 = false;
  // c_oflag
  opost = true;
  olcuc = false;
  ocrnl = false;
  onlcr = true;
  onocr = false;
  onlret = false;
  ofill = false;
  ofdel = false;
  // c_lflag
  isig = true;
  icanon = true;
  iexten = true;
  echo = true;
  echoe = true;
  echok = true;
  echonl = false;
  noflsh = false;
  xcase = false;
  tostop = false;
  echoprt = false;
  echoctl = true;
  echoke = true;
  flusho = false;
  extproc = false;
}

export type TermiosFlag = keyof Flags;
export type ControlCharacter = keyof typeof defaultCharacters;

export const noDelays = { nl: 0, cr: 0, tab: 0, bs: 0, vt: 0, ff: 0 };

/**
 * struct termios. Every setting is a field of its own, so that `{ ...termios }` keeps all and `Object.assign` brings them
 * back; the accessors are what most programs change.
 */
class TermiosState extends Flags implements Termios {
  characters: Readonly<Record<ControlCharacter, number>> = defaultCharacters;
  /** VMIN and VTIME (tenths of a second). */
  min = 1;
  time = 0;
  speed = 38_400;
  /** CS5 … CS8. */
  size: 5 | 6 | 7 | 8 = 8;
  /** Delays: nl0 cr0 tab0 bs0 vt0 ff0. */
  delays: Readonly<Record<'nl' | 'cr' | 'tab' | 'bs' | 'vt' | 'ff', number>> = noDelays;

  get canonical(): boolean {
    return this.icanon;
  }
  set canonical(on: boolean) {
    this.icanon = on;
  }
  get signals(): boolean {
    return this.isig;
  }
  set signals(on: boolean) {
    this.isig = on;
  }
  get outputNewline(): boolean {
    return this.opost && this.onlcr;
  }
  /** What raw mode takes away is the whole processing (OPOST). */
  set outputNewline(on: boolean) {
    this.opost = on;
    if (on) this.onlcr = true;
  }
  get inputNewline(): boolean {
    return this.icrnl;
  }
  set inputNewline(on: boolean) {
    this.icrnl = on;
  }
  get flowControl(): boolean {
    return this.ixon;
  }
  set flowControl(on: boolean) {
    this.ixon = on;
  }
}

export const createTermios = (): Termios => new TermiosState();
