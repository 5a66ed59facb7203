import type { Unit } from '../../../linux/systemd/unit';
import { unitFiles, unitFileState } from '../../../linux/systemd/install';
import { namesOf, valuesOf } from '../../../linux/systemd/unit-file';
import { globToRegExp } from '../../toolkit/glob';
import { paint, type Color, type Look } from '../systemd';
import { descriptionOf, isType, unitTypes, type Context } from './context';
import { dotOf } from './status';

interface Cell {
  readonly text: string;
  readonly color?: Color;
}

/** A table as systemd draws it: a heading underlined where there are colours. */
function table(look: Look, heading: readonly string[], rows: readonly (readonly Cell[])[], legend: boolean): string {
  const all = [...(legend ? [heading.map((text): Cell => ({ text }))] : []), ...rows];
  const widths = heading.map((_, column) => Math.max(0, ...all.map((row) => (row[column]?.text ?? '').length)));
  const draw = (row: readonly Cell[], head: boolean): string => {
    const cells = row.map(({ text, color = 'none' }, column) => {
      const last = column === row.length - 1;
      const padded = last && !(head && look.color) ? text : text.padEnd(widths[column] ?? 0);
      return head && look.color ? `\x1b[0;4m${padded}\x1b[0m` : paint(look, color, padded);
    });
    return `${cells.join(head && look.color ? '\x1b[0;4m \x1b[0m' : ' ')}`.trimEnd();
  };
  const lines = rows.map((row) => draw(row, false));
  if (legend)
    lines.unshift(
      draw(
        heading.map((text) => ({ text })),
        true,
      ),
    );
  return lines.map((line) => `${line}\n`).join('');
}

const order = 'service socket target device mount automount swap timer path slice scope'.split(' ');
const typeOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** `-t`: types and load states, or what is wrong with them. */
export function wantedTypes({ options }: Context): { readonly types: readonly string[]; readonly error?: string } {
  const given = options.values('t').flatMap((value) => value.split(','));
  const bad = given.find(
    (value) => !isType(value) && !['loaded', 'not-found', 'masked', 'bad-setting', 'error', 'help'].includes(value),
  );
  return bad === undefined
    ? { types: given }
    : { types: [], error: `Unknown unit type or load state '${bad}'.\nUse -t help to see a list of allowed values.` };
}

/** `systemctl list-units`. */
export function listUnits(context: Context, patterns: readonly string[]): string {
  const { manager, options, look } = context;
  const states = options.values('state').flatMap((value) => value.split(','));
  if (options.has('failed')) states.push('failed');
  const { types } = wantedTypes(context);
  if (types.includes('help')) return `Available unit types:\n${unitTypes.join('\n')}\n`;
  const expressions = patterns.map((pattern) =>
    globToRegExp(pattern.includes('.') || /[*?[]/.test(pattern) ? pattern : `${pattern}.service`),
  );
  const all = options.has('a') || states.length > 0;
  const units = manager.units.filter(
    (unit) =>
      (all || unit.active !== 'inactive') &&
      (types.length === 0 || types.includes(unit.type) || types.includes(unit.definition.load)) &&
      (states.length === 0 ||
        states.some((state) => [unit.active, unit.sub, unit.definition.load].includes(state as Unit['active']))) &&
      (expressions.length === 0 || expressions.some((expression) => expression.test(unit.name))),
  );
  units.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type) || (a.name < b.name ? -1 : 1));
  const legend = !options.has('no-legend');
  const rows = units.map((unit): readonly Cell[] => {
    const bad = unit.active === 'failed' ? 'red' : 'none';
    const load = unit.definition.load;
    return [
      { text: unit.name, color: bad },
      { text: load, color: load === 'loaded' ? 'none' : 'red' },
      { text: unit.active, color: bad },
      { text: unit.sub, color: bad },
      { text: descriptionOf(unit) },
    ];
  });
  const marked = units.map((unit) => {
    const odd = unit.active === 'failed' || unit.definition.load !== 'loaded';
    return odd ? dotOf(look, unit).replace(/[×x](?=\x1b|$)/, look.unicode ? '●' : '*') : ' ';
  });
  if (options.has('plain')) return table(look, ['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'], rows, legend);
  const body = table(look, ['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION'], rows, legend).split('\n').slice(0, -1);
  const lines = body.map((line, index) => {
    const mark = legend ? (index === 0 ? ' ' : (marked[index - 1] ?? ' ')) : (marked[index] ?? ' ');
    return `${mark} ${line}`;
  });
  const text = lines.map((line) => `${line}\n`).join('');
  return legend ? `${text}${legendOf(units.length, all, look, states.length > 0)}` : text;
}

function legendOf(count: number, all: boolean, look: Look, filtered: boolean): string {
  const explained =
    count === 0
      ? ''
      : '\nLOAD   = Reflects whether the unit definition was properly loaded.\n' +
        'ACTIVE = The high-level unit activation state, i.e. generalization of SUB.\n' +
        'SUB    = The low-level unit activation state, values depend on unit type.\n';
  const total = paint(look, count > 0 && !filtered ? 'bold' : 'none', `${count} loaded units listed.`);
  if (filtered) return `${explained}${total}\n`;
  const files = paint(look, 'grey', "To show all installed unit files use 'systemctl list-unit-files'.");
  if (all) return `${explained}${total}\n${files}\n`;
  return `${explained}${total} ${paint(look, 'grey', 'Pass --all to see loaded but inactive units, too.')}\n${files}\n`;
}

/** `systemctl list-unit-files`. */
export function listUnitFiles(context: Context, patterns: readonly string[]): string {
  const { process, options, look } = context;
  const states = options.values('state').flatMap((value) => value.split(','));
  const { types } = wantedTypes(context);
  const expressions = patterns.map((pattern) =>
    globToRegExp(/[*?[]|\./.test(pattern) ? pattern : `${pattern}.service`),
  );
  const names = unitFiles(process.fs).filter(
    (name) =>
      (types.length === 0 || types.includes(typeOf(name))) &&
      (expressions.length === 0 || expressions.some((expression) => expression.test(name))),
  );
  const listed = names
    .map((name) => ({ name, state: unitFileState(process.fs, name) ?? '' }))
    .filter(({ state }) => states.length === 0 || states.includes(state))
    .sort((a, b) => order.indexOf(typeOf(a.name)) - order.indexOf(typeOf(b.name)) || (a.name < b.name ? -1 : 1));
  const rows = listed.map(({ name, state }): readonly Cell[] => {
    const preset = ['static', 'alias', 'generated', 'transient'].includes(state) ? '-' : 'enabled';
    const color: Color = state === 'enabled' || state === 'alias' ? 'green' : state === 'static' ? 'none' : 'red';
    return [{ text: name }, { text: state, color }, { text: preset, color: preset === '-' ? 'grey' : 'green' }];
  });
  const legend = !options.has('no-legend');
  const text = table(look, ['UNIT FILE', 'STATE', 'PRESET'], rows, legend && rows.length > 0);
  return legend ? `${text}${rows.length > 0 ? '\n' : ''}${rows.length} unit files listed.\n` : text;
}

/** `systemctl list-sockets`. */
export function listSockets({ manager, options, look }: Context): string {
  const rows = manager.units
    .filter(({ type, active }) => type === 'socket' && active === 'active')
    .flatMap(({ name, definition }) =>
      ['ListenStream', 'ListenDatagram', 'ListenFIFO'].flatMap((setting) =>
        valuesOf(definition, 'Socket', setting).map((address): readonly Cell[] => [
          { text: address },
          { text: name },
          { text: name.replace(/\.socket$/, '.service') },
        ]),
      ),
    );
  const legend = !options.has('no-legend');
  const text = table(look, ['LISTEN', 'UNIT', 'ACTIVATES'], rows, legend && rows.length > 0);
  if (!legend) return text;
  return `${text}${rows.length > 0 ? '\n' : ''}${rows.length} sockets listed.\nPass --all to see loaded but inactive sockets, too.\n`;
}

/** `systemctl list-timers`: there is nothing here that fires by a timer unit. */
export const listTimers = ({ options }: Context): string =>
  options.has('no-legend') ? '' : '0 timers listed.\nPass --all to see loaded but inactive timers, too.\n';

/** `systemctl list-dependencies`. */
export function listDependencies(context: Context, name: string): string {
  const { manager, look, options } = context;
  const reverse = options.has('reverse');
  const [tee, corner, bar] = look.unicode ? ['├─', '└─', '│ '] : ['|-', '`-', '| '];
  const lines = [name];
  const seen = new Set([name]);
  const of = (unit: Unit): readonly string[] => {
    if (reverse)
      return manager.units
        .filter((other) => dependenciesOf(context, other).includes(unit.name))
        .map((other) => other.name)
        .sort();
    return dependenciesOf(context, unit);
  };
  const draw = (unit: Unit, before: string): void => {
    const names = of(unit);
    names.forEach((other, index) => {
      const child = manager.unit(other);
      const last = index === names.length - 1;
      lines.push(`${dotOf(look, child)} ${before}${options.has('plain') ? '' : last ? corner : tee}${other}`);
      if (seen.has(other) || (child.type !== 'target' && !options.has('a'))) return;
      seen.add(other);
      draw(child, `${before}${last ? '  ' : bar}`);
    });
  };
  draw(manager.unit(name), '');
  return `${lines.join('\n')}\n`;
}

/** What a unit requires and wants, by its file and by links. */
function dependenciesOf({ process }: Context, { name, definition, type }: Unit): readonly string[] {
  const named = ['Requires', 'Requisite', 'Wants', 'BindsTo'].flatMap((setting) =>
    namesOf(definition, 'Unit', setting),
  );
  const linked = ['wants', 'requires'].flatMap((suffix) =>
    ['/etc/systemd/system', '/lib/systemd/system'].flatMap((folder) => {
      const listed = process.fs.readdir(`${folder}/${name}.${suffix}`);
      return listed.ok ? listed.value.map((entry) => entry.name) : [];
    }),
  );
  const implied = type === 'service' ? ['system.slice', 'sysinit.target'] : [];
  const all = [...new Set([...implied, ...named, ...linked])];
  return all.sort((a, b) => Number(a.endsWith('.target')) - Number(b.endsWith('.target')) || (a < b ? -1 : 1));
}
