import { bars } from './bars';
import { NanoScreen } from './screen';

/** Searching, replacing and going to lines. */
export abstract class NanoSearching extends NanoScreen {
  private pattern(): RegExp {
    return new RegExp(this.needle.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
  }

  protected async search(): Promise<void> {
    const former = this.needle === '' ? '' : ` [${this.needle}]`;
    const answer = await this.ask(`Search${former}`, bars.search, '', ['\x12', '\x14']);
    if (typeof answer === 'object') return answer.key === '\x12' ? this.replace() : this.goto();
    if (answer === undefined) return;
    if (answer === '' && this.needle === '') return this.say('Cancelled');
    if (answer !== '') this.needle = answer;
    this.next();
  }

  protected next(): void {
    const found = this.text.find(this.pattern());
    if (found === undefined) return this.say(`"${this.needle}" not found`);
    const { line, col } = this.text.cursor;
    this.text.moveTo(found.at);
    this.centre();
    if (found.at.line === line && found.at.col === col) this.say('This is the only occurrence');
    else if (found.wrapped) this.say('Search Wrapped');
  }

  protected async replace(): Promise<void> {
    const text = this.text;
    const former = this.needle === '' ? '' : ` [${this.needle}]`;
    const answer = await this.ask(`Search (to replace)${former}`, bars.replace, '', ['\x12']);
    if (typeof answer !== 'string') return answer === undefined ? undefined : this.search();
    if (answer === '' && this.needle === '') return this.say('Cancelled');
    if (answer !== '') this.needle = answer;
    const made = await this.ask('Replace with', bars.replaceWith);
    if (typeof made !== 'string') return;
    const begin = text.cursor;
    let [count, all, looked] = [0, false, false];
    let from = { line: begin.line, col: begin.col - 1 };
    let passed = false;
    for (;;) {
      const found = text.find(this.pattern(), from);
      passed ||= found?.wrapped === true;
      if (
        found === undefined ||
        (passed && !(found.at.line < begin.line || (found.at.line === begin.line && found.at.col < begin.col)))
      )
        break;
      looked = true;
      if (!all) {
        text.moveTo(found.at);
        this.centre();
        const choice = await this.askYesNo('Replace this instance? ', true);
        if (choice === undefined) break;
        if (choice === 'n') {
          from = found.at;
          continue;
        }
        all = choice === 'a';
      }
      text.replaceAt(found.at, found.length, made);
      count++;
      from = { line: text.cursor.line, col: text.cursor.col - 1 };
    }
    text.rest();
    if (all || count === 0) text.moveTo(begin);
    if (!looked) this.say(`"${this.needle}" not found`);
    else this.say(`Replaced ${count} occurrence${count === 1 ? '' : 's'}`);
  }

  protected async goto(): Promise<void> {
    const answer = await this.ask('Enter line number, column number', bars.goto, '', ['\x19', '\x16', '\x14']);
    if (answer === undefined) return;
    if (typeof answer === 'object') {
      if (answer.key === '\x14') return this.search();
      this.text.moveTo({ line: answer.key === '\x19' ? 0 : this.text.buffer.last, col: 0 });
      return;
    }
    const found = /^\s*(-?\d*)\s*[,.: ]?\s*(\d*)\s*$/.exec(answer);
    if (found === null || answer === '') return this.say(answer === '' ? 'Cancelled' : 'Invalid line or column number');
    const { buffer, cursor } = this.text;
    const number = found[1] === '' ? cursor.line + 1 : Number(found[1]);
    const line = number < 0 ? buffer.last + 1 + number : number - 1;
    this.text.moveTo({ line, col: found[2] === '' ? 0 : Number(found[2]) - 1 });
    this.centre();
  }
}
