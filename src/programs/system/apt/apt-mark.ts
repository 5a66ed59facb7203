import type { Program } from '../../../linux/process/types';
import { parseOptions } from '../../toolkit/options';
import { locatable } from './sources';
import { Dpkg } from './status';
import { aptMarkUsage } from './usage';

/** apt-mark(8): what was asked for, what came along, what is held. */
export const aptMark: Program = async (process) => {
  const { stdout, stderr, fs, credentials } = process;
  const options = parseOptions(process.args, {
    short: 'hqyso:c:f:',
    long: { 'file:': 'f', quiet: 'q', simulate: 's' },
  });
  if (typeof options === 'string') {
    await stderr.write(
      `E: Command line option ${process.args[0] ?? ''} is not understood in combination with the other options\n`,
    );
    return 100;
  }
  const [verb, ...names] = options.operands;
  if (verb === undefined || options.has('h', 'help')) {
    await stdout.write(aptMarkUsage);
    return verb === undefined && !options.has('h', 'help') ? 1 : 0;
  }
  const dpkg = new Dpkg(fs);
  const say = async (text: string): Promise<void> => {
    if (!options.has('q')) await stdout.write(`${text}\n`);
  };
  const show: Readonly<Record<string, (name: string) => boolean>> = {
    showmanual: (name) => dpkg.present(name)?.auto === false,
    showauto: (name) => dpkg.present(name)?.auto === true,
    showhold: (name) => dpkg.present(name)?.want === 'hold',
    showinstall: (name) => dpkg.present(name)?.want === 'install',
  };
  const wanted = show[verb] ?? show[verb.replace(/holds$/, 'hold')];
  if (wanted !== undefined) {
    const listed = [...dpkg.installed.keys()]
      .sort()
      .filter((name) => (names.length === 0 || names.includes(name)) && wanted(name));
    await stdout.write(listed.map((name) => `${name}\n`).join(''));
    return 0;
  }
  if (!['hold', 'unhold', 'auto', 'manual'].includes(verb)) {
    await stderr.write(`E: Invalid operation ${verb}\n`);
    return 100;
  }
  const known = locatable(fs);
  const missing = names.filter((name) => dpkg.installed.get(name) === undefined && !known.has(name));
  for (const name of missing) await stderr.write(`E: Unable to locate package ${name}\n`);
  const found = names.filter((name) => !missing.includes(name));
  if (missing.length > 0 || found.length === 0) {
    await stderr.write('E: No packages found\n');
    return 100;
  }
  for (const name of found) {
    const there = dpkg.present(name);
    if (there === undefined) {
      if (verb === 'hold') await say(`${name} set on hold.`);
      else
        await stderr.write(
          `E: Can't select installed nor candidate version from package ${name} as it has neither of them\n`,
        );
      continue;
    }
    if (verb === 'hold' || verb === 'unhold') {
      const held = there.want === 'hold';
      if (held === (verb === 'hold'))
        await say(`${name} was already ${verb === 'hold' ? 'set on hold' : 'not on hold'}.`);
      else await say(verb === 'hold' ? `${name} set on hold.` : `Canceled hold on ${name}.`);
      there.want = verb === 'hold' ? 'hold' : 'install';
    } else {
      const auto = verb === 'auto';
      await say(
        there.auto === auto
          ? `${name} was already set to ${auto ? 'automatically' : 'manually'} installed.`
          : `${name} set to ${auto ? 'automatically' : 'manually'} installed.`,
      );
      there.auto = auto;
    }
  }
  if (credentials.uid !== 0) {
    await stderr.write(
      'E: Could not create temporary file for /var/lib/apt/extended_states - mkstemp (13: Permission denied)\n',
    );
    return 100;
  }
  dpkg.save();
  return 0;
};
