/** go-units' HumanDuration of what lies between two instants, for `… ago`. */
export { humanDuration } from '../../../containers/dockerd/human';
export { humanSize } from '../../../containers/dockerd/progress';

/** Go's time.Time.String for an instant in UTC: `2025-11-21 09:00:00 +0000 UTC`. */
export const goTime = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;

/** At most `length` characters, the last one an ellipsis (formatter.Ellipsis). */
export function ellipsis(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

export const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);

const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** go-units' BytesSize: four significant digits, powers of 1024. */
export function bytesSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < binaryUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(4))}${binaryUnits[unit] ?? 'B'}`;
}
