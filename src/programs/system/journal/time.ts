import { parseSpan } from '../../../linux/systemd/words';

/** A point in time as systemd.time(7) takes it, in virtual milliseconds; undefined if it is none. */
export function parseTimestamp(text: string, now: number): number | undefined {
  const given = text.trim().replace(/\s+UTC$/, '');
  const day = 86_400_000;
  const midnight = now - (now % day);
  switch (given) {
    case 'now':
      return now;
    case 'today':
      return midnight;
    case 'yesterday':
      return midnight - day;
    case 'tomorrow':
      return midnight + day;
    default:
  }
  if (given.startsWith('@')) {
    const seconds = Number(given.slice(1));
    return given.length > 1 && Number.isFinite(seconds) ? seconds * 1000 : undefined;
  }
  if (given.startsWith('-') || given.startsWith('+')) {
    const span = parseSpan(given.slice(1));
    return span === undefined ? undefined : given.startsWith('-') ? now - span : now + span;
  }
  const relative = /^(.*?)\s+(ago|left)$/.exec(given);
  if (relative !== null) {
    const span = parseSpan(relative[1]);
    return span === undefined ? undefined : relative[2] === 'ago' ? now - span : now + span;
  }
  const plain = given.replace(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+/i, '');
  const time = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$/;
  const full = /^(\d{4}|\d{2})-(\d{1,2})-(\d{1,2})(?:[ T](.*?)Z?)?$/.exec(plain);
  const ofDay = (part: string | undefined): number | undefined => {
    if (part === undefined || part === '') return 0;
    const match = time.exec(part);
    if (match === null) return undefined;
    const [, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
    return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`)) * 1000;
  };
  if (full !== null) {
    const year = Number(full[1]) < 100 ? 2000 + Number(full[1]) : Number(full[1]);
    const clock = ofDay(full[4]);
    return clock === undefined ? undefined : Date.UTC(year, Number(full[2]) - 1, Number(full[3])) + clock;
  }
  if (time.test(plain)) {
    const clock = ofDay(plain);
    return clock === undefined ? undefined : midnight + clock;
  }
  return undefined;
}
