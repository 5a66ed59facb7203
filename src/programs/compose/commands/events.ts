import { projectOrName, type Command } from '../cli/context';
import { watchEvents } from '../engine/events';
import { labels } from '../engine/labels';
import { goJson } from '../load/print';
import { instant } from './logs';

export const events: Command = async (context) => {
  const { api, flags, operands, out, process } = context;
  const { name } = await projectOrName(context);
  const { now } = process.clock;
  const follow = await watchEvents(api, name, {
    since: instant(flags.last('since'), now),
    until: instant(flags.last('until'), now),
  });
  await follow(async ({ Action, Actor: { ID, Attributes }, time, timeNano }) => {
    const service = Attributes[labels.service] ?? '';
    if (Attributes[labels.oneOff] === 'True' || (operands.length > 0 && !operands.includes(service))) return 'go on';
    const kept = Object.entries(Attributes)
      .filter(([key]) => !key.startsWith('com.docker.compose.'))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const micros = Math.floor((timeNano === 0 ? time * 1e9 : timeNano) / 1000);
    const date = new Date(Math.floor(micros / 1000)).toISOString();
    const fraction = String(micros % 1_000_000).padStart(6, '0');
    if (flags.on('json'))
      await out(
        `${goJson({
          action: Action,
          attributes: Object.fromEntries(kept),
          id: ID,
          service,
          time: `${date.slice(0, 19)}.${fraction}000Z`,
          type: 'container',
        })}\n`,
      );
    else {
      const shown = kept.map(([key, value]) => `${key}=${value}`).join(', ');
      await out(`${date.slice(0, 10)} ${date.slice(11, 19)}.${fraction} container ${Action} ${ID} (${shown})\n\n`);
    }
    return 'go on';
  });
  return 0;
};
