import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from '../../apimachinery/names';
import { fn, type Library } from '../functions';
import { parseType } from '../types';
import { none, Opaque, Optional } from '../values';

type Check = (text: string) => readonly string[];
interface Named {
  readonly name: string;
  readonly check: Check;
}

const type = parseType('kubernetes.NamedFormat');
const pattern =
  (expected: RegExp, text: string): Check =>
  (given) =>
    expected.test(given) ? [] : [text];
/** The name of something to come: a dash at its end may stand. */
const prefix =
  (check: Check): Check =>
  (given) =>
    check(given.length > 1 && given.endsWith('-') ? `${given.slice(0, -1)}a` : given);

const uri: Check = (given) =>
  /^([a-zA-Z][a-zA-Z0-9+.-]*:.+|\/.*)$/.test(given) && !/[\s<>"{}|\\^`]/.test(given) ? [] : ['invalid URI'];
const datetime =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d\d:\d\d))$/;

const formats: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['dns1123Label', isDns1123Label],
  ['dns1123Subdomain', isDns1123Subdomain],
  ['dns1035Label', isDns1035Label],
  ['qualifiedName', isQualifiedName],
  ['dns1123LabelPrefix', prefix(isDns1123Label)],
  ['dns1123SubdomainPrefix', prefix(isDns1123Subdomain)],
  ['dns1035LabelPrefix', prefix(isDns1035Label)],
  ['labelValue', isValidLabelValue],
  ['uri', uri],
  [
    'uuid',
    pattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, 'does not match the UUID format'),
  ],
  ['byte', pattern(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'invalid base64')],
  ['date', pattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'invalid date')],
  ['datetime', pattern(datetime, 'invalid datetime')],
]);

const value = (name: string): Opaque<Named> | undefined => {
  const check = formats.get(name);
  return check === undefined ? undefined : new Opaque(type, { name, check }, (other: Named) => other.name === name);
};

/** Kubernetes' named formats. */
export const format: Library = [
  ...[...formats.keys()].map((name) =>
    fn(`/format.${name}(): kubernetes.NamedFormat`, () => value(name) as Opaque<Named>),
  ),
  fn('/format.named(string): optional<kubernetes.NamedFormat>', ([name]: readonly [string]) => {
    const found = value(name);
    return found === undefined ? none : new Optional(found);
  }),
  fn(
    'kubernetes.NamedFormat.validate(string): optional<list<string>>',
    ([{ held }, text]: readonly [Opaque<Named>, string], budget) => {
      budget.traverse(text.length * 5);
      const problems = held.check(text);
      return problems.length === 0 ? none : new Optional(problems);
    },
  ),
];
