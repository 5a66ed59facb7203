import type { Command } from '../cli/command';
import { writeConfig } from '../cli/context-store';
import { indexServer } from '../cli/registry-auth';

/** What is left of an address without its scheme and path (credentials.ConvertToHostname). */
const hostnameOf = (address: string): string => address.replace(/^https?:\/\//, '').split('/')[0] ?? '';

export const logout: Command = {
  use: 'logout [SERVER]',
  short: 'Log out from a registry',
  long: 'Log out from a registry.\nIf no server is specified, the default is defined by the daemon.',
  operands: [0, 1],
  offline: true,
  async run({ process, session, args, out }) {
    const [server] = args;
    const host = server === undefined ? indexServer : hostnameOf(server);
    const names = server === undefined ? [indexServer] : [server, host, `http://${host}`, `https://${host}`];
    await out(`Removing login credentials for ${host}\n`);
    const { auths = {}, ...rest } = session.config;
    if (names.some((name) => auths[name] !== undefined)) {
      const left = Object.fromEntries(Object.entries(auths).filter(([name]) => !names.includes(name)));
      writeConfig(process, session.configDir, { auths: left, ...rest });
    }
    return 0;
  },
};
