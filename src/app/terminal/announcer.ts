/** How long output must be quiet before it is read out, in real milliseconds. */
const QUIET = 400;
/** More than this is summed up; nobody wants a table of 200 pods read to them. */
const LINES = 6;
/** Of what comes after so many letters only the lines are counted. */
const KEPT = 16_384;

const escapes = new RegExp(String.raw`\u001b(?:\[[0-9;?]*[A-Za-z]|\][^\u0007]*\u0007|.)`, 'g');

/** Turns terminal output into short announcements for one polite live region, once it has come to rest. */
export class Announcer {
  readonly #say: (text: string) => void;
  readonly #decoder = new TextDecoder();
  #heard = '';
  #uncounted = 0;
  /** The rest of the line that was entered is not news. */
  #echo = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Enter: what was heard so far is the echo of typing, which the screen reader has said by itself. */
  entered(): void {
    this.#flush();
    this.#echo = true;
  }

  hear(data: Uint8Array): void {
    const text = this.#decoder.decode(data, { stream: true });
    if (this.#heard.length < KEPT) this.#heard += text;
    else this.#uncounted += text.split('\n').length - 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), QUIET);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    const lines = this.#heard.replace(escapes, '').split(/\r?\n/);
    const uncounted = this.#uncounted;
    this.#heard = '';
    this.#uncounted = 0;
    if (this.#echo && lines.length > 1) {
      this.#echo = false;
      lines.shift();
    }
    // The last line is the prompt, or what is being typed.
    const news = lines
      .slice(0, -1)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (news.length === 0) return;
    const more = news.length - LINES + uncounted;
    this.#say(news.slice(0, LINES).join('. ') + (more > 0 ? `. And ${more} more lines.` : ''));
  }
}
