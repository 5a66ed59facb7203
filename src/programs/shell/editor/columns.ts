/** Choices in columns, down then across, as readline lists them. */
export function columnsOf(choices: readonly string[], width: number): string {
  const cell = Math.max(...choices.map((choice) => choice.length)) + 2;
  const perRow = Math.max(1, Math.floor(width / cell));
  const rows = Math.ceil(choices.length / perRow);
  let text = '';
  for (let row = 0; row < rows; row++) {
    let line = '';
    for (let index = row; index < choices.length; index += rows) {
      const choice = choices[index] ?? '';
      line += index + rows < choices.length ? choice.padEnd(cell) : choice;
    }
    text += `${line}\n`;
  }
  return text;
}
