import type { OpenFile } from '../io/open-file';

/** Terminal settings that a program changes (termios(3)), reduced to what programs look at. */
export interface Termios {
  /** ICANON: line by line, with erase and kill. */
  canonical: boolean;
  echo: boolean;
  /** ISIG: ^C ^Z ^\ make signals. */
  signals: boolean;
  /** OPOST | ONLCR: newline becomes CR LF on output. */
  outputNewline: boolean;
  /** ICRNL: carriage return becomes newline on input. */
  inputNewline: boolean;
  /** IXON: ^S and ^Q stop and start output. */
  flowControl: boolean;
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
  readonly size: WindowSize;
  foregroundGroup: number;
  session: number;
  /** A new open file description of the slave. */
  open(): OpenFile;
}

/** The master side: who holds it is the terminal (xterm, sshd, a shim with `-t`). */
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
