import type { Command } from '../cli/context';
import { version as number } from '../engine/api';

export const version: Command = async ({ flags, out }) => {
  if (flags.on('short')) await out(`${number}\n`);
  else if (flags.text('format') === 'json') await out(`${JSON.stringify({ version: number })}\n`);
  else await out(`Docker Compose version ${number}\n`);
  return 0;
};
