import { ask, understand, type EditedFile } from './messages';

const key = 'bottleship:edit-in-pane';
/** An editor that was there and gone at once (a replayed one) is asked nothing. Real milliseconds. */
const SETTLED = 60;

/** The file that an editor in a terminal has open, for a pane of the page to show. */
export class Edits {
  /** The learner's switch: every editor's file opens in the pane. */
  wanted = $state(load());
  /** The path of the editor that runs now. */
  here = $state<string | undefined>(undefined);
  file = $state<EditedFile | undefined>(undefined);
  /** What came of the last save. */
  note = $state<{ readonly text: string; readonly bad: boolean } | undefined>(undefined);
  readonly #type: (data: string) => void;

  constructor(type: (data: string) => void) {
    this.#type = type;
  }

  /** What a terminal got under our number. */
  hear(body: string): void {
    const said = understand(body);
    switch (said?.verb) {
      case 'here':
        this.here = said.path;
        this.note = undefined;
        if (this.wanted)
          setTimeout(() => {
            if (this.here === said.path && this.file === undefined) this.show();
          }, SETTLED);
        return;
      case 'gone':
        this.here = undefined;
        this.file = undefined;
        return;
      case 'text':
        if (this.here !== undefined) this.file = said.file;
        return;
      case 'saved':
      case 'refused':
        this.note = { text: said.message, bad: said.verb === 'refused' };
        return;
      case undefined:
    }
  }

  want(wanted: boolean): void {
    this.wanted = wanted;
    try {
      localStorage.setItem(key, wanted ? 'yes' : 'no');
    } catch {
      // It lasts as long as the page, then.
    }
    if (wanted && this.here !== undefined && this.file === undefined) this.show();
  }

  show(): void {
    this.#type(ask('show'));
  }

  save(text: string): void {
    this.#type(ask('save', text));
  }

  /** Ends the editor, and with it the pane. */
  close(): void {
    this.#type(ask('close'));
  }

  /** Back to the terminal; the editor goes on there. */
  leave(): void {
    this.file = undefined;
  }
}

function load(): boolean {
  try {
    return localStorage.getItem(key) === 'yes';
  } catch {
    return false;
  }
}
