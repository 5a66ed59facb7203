import { encode } from '../../../linux/io/bytes';
import type { KeyValue } from '../../../kubernetes/etcd/store';

/** A table as olekukonko/tablewriter draws it: head centred, numbers to the right, the rest to the left. */
export function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const centred = (text: string, width: number): string => {
    const left = Math.floor((width - text.length) / 2);
    return ' '.repeat(left) + text + ' '.repeat(width - text.length - left);
  };
  const row = (cells: readonly string[], place: (text: string, width: number, cell: string) => string): string =>
    `|${cells.map((cell, at) => ` ${place(cell, widths[at] ?? 0, cell)} `).join('|')}|\n`;
  const number = /^-?\d+(\.\d+)?%?$/;
  const words = /^(true|false|\d+(\.\d+)* ?[kMG]?B?|\d+\.\d+\.\d+)$/;
  return (
    rule +
    row(head, centred) +
    rule +
    rows
      .map((cells) =>
        row(cells, (text, width) =>
          number.test(text) || words.test(text) ? text.padStart(width) : text.padEnd(width),
        ),
      )
      .join('') +
    (rows.length > 0 ? rule : '')
  );
}

export const base64 = (text: string): string => btoa(String.fromCharCode(...encode(text)));

/** A value as bytes on the wire. The cluster keeps its objects as JSON (kube-apiserver --storage-media-type=application/json). */
export const valueText = (value: unknown): string => (typeof value === 'string' ? value : `${JSON.stringify(value)}\n`);

/** A pair as `-w json` prints it. */
export const kvJson = ({ key, value, createRevision, modRevision, version, lease }: KeyValue): string =>
  `{"key":"${base64(key)}","create_revision":${createRevision},"mod_revision":${modRevision},"version":${version},"value":"${base64(valueText(value))}"${lease === undefined ? '' : `,"lease":${lease}`}}`;

/** A pair as `-w fields` prints it. */
export const kvFields = ({ key, value, createRevision, modRevision, version, lease = 0 }: KeyValue): string =>
  `"Key" : ${JSON.stringify(key)}\n"CreateRevision" : ${createRevision}\n"ModRevision" : ${modRevision}\n"Version" : ${version}\n"Value" : ${JSON.stringify(valueText(value))}\n"Lease" : ${lease}\n`;
