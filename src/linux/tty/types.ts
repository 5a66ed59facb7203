import type { OpenFile } from '../io/open-file';
import type { ControlCharacter, TermiosFlag } from './termios';

/**
 * Terminal settings that a program changes (termios(3)): all flags by their names in stty, special characters, VMIN and
 * VTIME. The first six are what most programs look at.
 */
export interface Termios extends Record<TermiosFlag, boolean> {
  /** ICANON: line by line, with erase and kill. */
  canonical: boolean;
  /** ISIG: ^C ^Z ^\\ make signals. */
  signals: boolean;
  /** OPOST | ONLCR: newline becomes CR LF on output. */
  outputNewline: boolean;
  /** ICRNL: carriage return becomes newline on input. */
  inputNewline: boolean;
  /** IXON: ^S and ^Q stop and start output. */
  flowControl: boolean;
  /** 0 is _POSIX_VDISABLE: there is no such character. */
  characters: Readonly<Record<ControlCharacter, number>>;
  /** Without ICANON: how many bytes a read waits for, and how long (tenths of a second). */
  min: number;
  time: number;
  speed: number;
  size: 5 | 6 | 7 | 8;
  delays: Readonly<Record<'nl' | 'cr' | 'tab' | 'bs' | 'vt' | 'ff', number>>;
}

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** The slave side of a pty, as its programs see it. */
export interface Tty {
  /** `/dev/pts/0`. */
  readonly path: string;
  readonly termios: Termios;
  /** TIOCSWINSZ: SIGWINCH to the foreground group where it changed. */
  resize(size: WindowSize): void;
  readonly size: WindowSize;
  foregroundGroup: number;
  session: number;
  /** A new open file description of the slave. */
  open(): OpenFile;
}

/** The master side: who holds it is the terminal (xterm, sshd, a shim with `-t`). */
/** An instance of devpts (mount -o newinstance), as each container has one: its terminals are numbered from 0. */
export interface DevPts {
  /** By number here: the kernel's minor number, and what takes the node away when the terminal is closed. */
  readonly terminals: Map<number, { readonly minor: number; closed: () => void }>;
}

export interface PtyMaster {
  readonly tty: Tty;
  /** Bytes typed; passes the line discipline. */
  input(bytes: Uint8Array): void;
  /** Called with what is to be shown. One listener. */
  onOutput(listener: (bytes: Uint8Array) => void): void;
  resize(size: WindowSize): void;
  /** The terminal goes away: SIGHUP to the session. */
  hangup(): void;
}
