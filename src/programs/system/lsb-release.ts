import type { Program } from '../../linux/process/types';
import { parseOptions } from '../toolkit/options';
import { distribution } from './apt/sources';

const usage = `Usage: lsb_release [options]

Options:
  -h, --help         show this help message and exit
  -v, --version      show LSB modules this system supports
  -i, --id           show distributor ID
  -d, --description  show description of this distribution
  -r, --release      show release number of this distribution
  -c, --codename     show code name of this distribution
  -a, --all          show all of the above information
  -s, --short        show requested information in short format
`;

/** lsb_release(1). */
export const lsbRelease: Program = async (process) => {
  const { stdout, stderr, fs } = process;
  const options = parseOptions(process.args, {
    short: 'hvidrcas',
    long: { id: 'i', description: 'd', release: 'r', codename: 'c', all: 'a', short: 's' },
  });
  if (typeof options === 'string') {
    await stderr.write(
      `Usage: lsb_release [options]\n\nlsb_release: error: ${options.replace(/^unrecognized option '(.*)'$/, 'no such option: $1').replace(/^invalid option -- '(.)'$/, 'no such option: -$1')}\n`,
    );
    return 2;
  }
  if (options.has('help', 'h')) {
    await stdout.write(usage);
    return 0;
  }
  const { id, codename, version, pretty } = distribution(fs);
  const all = options.has('a');
  const short = options.has('s');
  const rows: readonly (readonly [string, string, string])[] = [
    ['i', 'Distributor ID', id.charAt(0).toUpperCase() + id.slice(1)],
    ['d', 'Description', pretty],
    ['r', 'Release', version],
    ['c', 'Codename', codename],
  ];
  const shown = rows.filter(([letter]) => all || options.has(letter));
  if (shown.length === 0) await stdout.write('No LSB modules are available.\n');
  for (const [, title, value] of shown) await stdout.write(short ? `${value}\n` : `${title}:\t${value}\n`);
  return 0;
};
