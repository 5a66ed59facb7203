import type { Command } from '../cli/context';
import { builtAs } from '../engine/package';

export const version: Command = async ({ process, flags, out }) => {
  const number = builtAs(process);
  if (flags.on('short')) await out(`${number.replace(/^v/, '')}\n`);
  else if (flags.text('format') === 'json') await out(`${JSON.stringify({ version: number })}\n`);
  else await out(`Docker Compose version ${number}\n`);
  return 0;
};
