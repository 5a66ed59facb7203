/** A time zone as TZ names it. */
export interface Zone {
  /** Seconds east of Greenwich, and what the time is called there then. */
  at(ms: number): { readonly offset: number; readonly name: string };
}

export const utc: Zone = { at: () => ({ offset: 0, name: 'UTC' }) };

/** Names that Intl has only as `GMT+9`: standard time, summer time. */
const names: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^Asia\/Tokyo$|^Japan$/, ['JST']],
  [/^Asia\/Seoul$/, ['KST']],
  [/^Asia\/(Shanghai|Taipei|Macau|Chongqing)$|^PRC$/, ['CST']],
  [/^Asia\/Hong_Kong$/, ['HKT']],
  [/^Asia\/(Kolkata|Calcutta)$/, ['IST']],
  [/^Asia\/Karachi$/, ['PKT']],
  [/^Asia\/Manila$/, ['PST']],
  [/^Asia\/Jakarta$/, ['WIB']],
  [/^Asia\/Jerusalem$|^Israel$/, ['IST', 'IDT']],
  [/^Europe\/(London|Belfast|Guernsey|Jersey)$|^GB$/, ['GMT', 'BST']],
  [/^Europe\/Dublin$/, ['GMT', 'IST']],
  [/^Europe\/Lisbon$|^Atlantic\/(Madeira|Canary)$|^WET$/, ['WET', 'WEST']],
  [/^Europe\/(Moscow|Simferopol)$/, ['MSK']],
  [/^Europe\/(Athens|Bucharest|Helsinki|Kiev|Kyiv|Riga|Sofia|Tallinn|Vilnius)$|^Asia\/Nicosia$|^EET$/, ['EET', 'EEST']],
  [/^Europe\/|^Africa\/Ceuta$|^Arctic\/|^(CET|MET)$/, ['CET', 'CEST']],
  [/^Australia\/(Sydney|Melbourne|Hobart|Canberra)$/, ['AEST', 'AEDT']],
  [/^Australia\/Brisbane$/, ['AEST']],
  [/^Australia\/Adelaide$/, ['ACST', 'ACDT']],
  [/^Australia\/Darwin$/, ['ACST']],
  [/^Australia\/Perth$/, ['AWST']],
  [/^Pacific\/Auckland$|^NZ$/, ['NZST', 'NZDT']],
  [/^Africa\/(Johannesburg|Maseru)$/, ['SAST']],
  [/^Africa\/Lagos$/, ['WAT']],
  [/^Africa\/(Nairobi|Addis_Ababa)$/, ['EAT']],
  [/^Africa\/Cairo$/, ['EET', 'EEST']],
];

const known = new Map<string, Zone>();

/** The zone of a TZ variable: a place, POSIX's `EST5EDT`, or nothing, which is UTC here. */
export function zoneOf(tz: string | undefined): Zone {
  const name = (tz ?? '').replace(/^:/, '');
  if (name === '' || /^(Etc\/)?(UTC|UCT|Universal|Zulu)$/.test(name)) return utc;
  let zone = known.get(name);
  if (zone === undefined) {
    zone = place(name) ?? posix(name) ?? utc;
    known.set(name, zone);
  }
  return zone;
}

const posixPlaces: Readonly<Record<string, string>> = {
  EST5EDT: 'America/New_York',
  CST6CDT: 'America/Chicago',
  MST7MDT: 'America/Denver',
  PST8PDT: 'America/Los_Angeles',
};

function place(name: string): Zone | undefined {
  const timeZone = posixPlaces[name] ?? name;
  if (!/^[A-Za-z_]+(\/|$)/.test(timeZone)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  } catch {
    return undefined;
  }
  const short = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short', year: 'numeric' });
  const own = names.find(([pattern]) => pattern.test(name))?.[1];
  const part = (formatter: Intl.DateTimeFormat, ms: number): string =>
    formatter.formatToParts(new Date(ms)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const offsetAt = (ms: number): number => {
    const match = /GMT(?:([-+])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(part(format, ms));
    const [, sign, hours, minutes, seconds] = match ?? [];
    const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
    return sign === '-' ? -size : size;
  };
  return {
    at(ms) {
      const offset = offsetAt(ms);
      if (own !== undefined) {
        const year = new Date(ms).getUTCFullYear();
        const standard = Math.min(offsetAt(Date.UTC(year, 0, 1)), offsetAt(Date.UTC(year, 6, 1)));
        return { offset, name: (offset > standard ? own[1] : undefined) ?? own[0] ?? 'UTC' };
      }
      const text = part(short, ms);
      const numeric = `${offset < 0 ? '-' : '+'}${String(Math.floor(Math.abs(offset) / 3600)).padStart(2, '0')}`;
      return { offset, name: /^GMT./.test(text) ? numeric : text };
    },
  };
}

/** `NAME[+-]hh[:mm]`: hours west of Greenwich. Rules for summer time are not read. */
function posix(name: string): Zone | undefined {
  const match = /^(<[^>]+>|[A-Za-z]+)([-+]?)(\d{1,2})(?::(\d\d))?/.exec(name);
  if (match === null) {
    const word = /^[A-Za-z]+/.exec(name)?.[0];
    return word === undefined ? undefined : { at: () => ({ offset: 0, name: word }) };
  }
  const [, label = 'UTC', sign, hours, minutes] = match;
  const west = Number(hours) * 3600 + Number(minutes ?? 0) * 60;
  const offset = sign === '-' ? west : -west;
  return { at: () => ({ offset, name: label.replace(/[<>]/g, '') }) };
}

/** The instant at which clocks there show this time (given as if it were UTC). */
export function instantOf(local: number, zone: Zone): number {
  const guess = local - zone.at(local).offset * 1000;
  return local - zone.at(guess).offset * 1000;
}
