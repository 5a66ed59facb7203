import { isDns1123Subdomain } from '../../apimachinery/names';

/** The formats that schemas of custom resources may name (without dashes): k8s.io/kube-openapi/pkg/validation/strfmt. */
type Check = (text: string) => boolean;

const matches =
  (expression: RegExp): Check =>
  (text) =>
    expression.test(text);

const octet = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`);
const isIpv4 = matches(ipv4);

/** net.ParseIP of IPv6, with an IPv4 tail. */
function isIpv6(text: string): boolean {
  if (!/^[0-9A-Fa-f:.]+$/.test(text)) return false;
  let address = text;
  const tail = /[^:]*\.[^:]*$/.exec(text)?.[0];
  if (tail !== undefined) {
    if (!isIpv4(tail)) return false;
    address = `${text.slice(0, -tail.length)}0:0`;
  }
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length <= 7 : groups.length === 8;
}

function isCidr(text: string): boolean {
  const slash = text.lastIndexOf('/');
  const address = text.slice(0, Math.max(0, slash));
  const bits = text.slice(slash + 1);
  if (slash < 0 || !/^(0|[1-9]\d{0,2})$/.test(bits)) return false;
  return (isIpv4(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128);
}

/** url.ParseRequestURI: absolute, or a path. */
const isUri: Check = (text) =>
  !/[\s\u0000-\u001f\u007f]/.test(text) && (text.startsWith('/') || /^[A-Za-z][A-Za-z0-9+.-]*:.+/.test(text));

function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (found === null) return false;
  const [year = 0, month = 0, day = 0] = found.slice(1).map(Number);
  const days = [
    31,
    (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  return month >= 1 && month <= 12 && day >= 1 && day <= (days[month - 1] ?? 0);
}

const clock = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const isDateTime: Check = (text) =>
  isDate(text.slice(0, 10)) && /^t$/i.test(text[10] ?? '') && clock.test(text.slice(11));

const goDuration = /^[+-]?(0|(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))*)$/;
const scalaDuration = /^((\d+)\s*([A-Za-zµ]+))+$/;
const units =
  /^(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)$/;
const isDuration: Check = (text) =>
  text.length < 200 &&
  (goDuration.test(text) ||
    (scalaDuration.test(text) && (text.match(/[A-Za-zµ]+/g) ?? []).every((unit) => units.test(unit))));

const uuid = (version: string, variant = '[0-9a-f]'): Check =>
  matches(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'));

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d{9}[\dXx]$/.test(digits)) return false;
  return [...digits].reduce((sum, char, at) => sum + (10 - at) * (/x/i.test(char) ? 10 : Number(char)), 0) % 11 === 0;
}
function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  return (
    /^\d{13}$/.test(digits) &&
    [...digits].reduce((sum, char, at) => sum + Number(char) * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0
  );
}

const color = '\\s*(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])\\s*';

export const formats: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['bsonobjectid', matches(/^[0-9a-f]{24}$/i)],
  ['uri', isUri],
  ['email', (text) => text.length < 400 && /^([^<>]*<)?[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>?$/.test(text)],
  ['hostname', (text) => text.length <= 255 && isDns1123Subdomain(text.toLowerCase()).length === 0],
  ['ipv4', isIpv4],
  ['ipv6', (text) => isIpv6(text)],
  ['cidr', isCidr],
  [
    'mac',
    matches(/^([0-9a-f]{2}([:-])[0-9a-f]{2}(\2[0-9a-f]{2}){4}(\2[0-9a-f]{2}){0,14}|([0-9a-f]{4}\.){2,9}[0-9a-f]{4})$/i),
  ],
  ['uuid', uuid('[0-9a-f]')],
  ['uuid3', uuid('3')],
  ['uuid4', uuid('4', '[89ab]')],
  ['uuid5', uuid('5', '[89ab]')],
  ['isbn', (text) => isIsbn10(text) || isIsbn13(text)],
  ['isbn10', isIsbn10],
  ['isbn13', isIsbn13],
  [
    'creditcard',
    (text) =>
      /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/.test(
        text.replace(/\D+/g, ''),
      ),
  ],
  ['ssn', matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/)],
  ['hexcolor', matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  ['rgbcolor', matches(new RegExp(`^rgb\\(${color},${color},${color}\\)$`))],
  ['byte', (text) => text === '' || (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text))],
  ['password', () => true],
  ['date', isDate],
  ['duration', isDuration],
  ['datetime', isDateTime],
]);
