import { fatal, type CrictlCommand } from './crictl';

/** crictl version. */
export const version: CrictlCommand = {
  names: ['version'],
  usage: 'Display runtime version information',
  flags: [],
  async run({ cri, process }) {
    const { runtimeName, runtimeVersion, runtimeApiVersion } = cri.version();
    await process.stdout.write(
      `Version:  0.1.0\nRuntimeName:  ${runtimeName}\nRuntimeVersion:  ${runtimeVersion}\nRuntimeApiVersion:  ${runtimeApiVersion}\n`,
    );
    return 0;
  },
};

/** crictl info. */
export const info: CrictlCommand = {
  names: ['info'],
  usage: 'Display information of the container runtime',
  flags: [
    { names: ['output', 'o'], value: 'value', usage: 'Output format, One of: json|yaml|go-template' },
    { names: ['quiet', 'q'], usage: 'Do not show verbose information' },
  ],
  async run({ cri, process }) {
    const { runtimeReady, networkReady } = cri.status();
    const condition = (type: string, status: boolean, reason = '', message = ''): object => ({
      message,
      reason,
      status,
      type,
    });
    const document = {
      status: {
        conditions: [
          condition('RuntimeReady', runtimeReady),
          networkReady.ok
            ? condition('NetworkReady', true)
            : condition('NetworkReady', false, networkReady.reason, networkReady.message),
        ],
      },
    };
    await process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  },
};

const FILE = '/etc/crictl.yaml';
const known = ['runtime-endpoint', 'image-endpoint', 'timeout', 'debug', 'pull-image-on-create', 'disable-pull-on-run'];

/** crictl config: reads and writes /etc/crictl.yaml. */
export const config: CrictlCommand = {
  names: ['config'],
  usage: 'Get, set and list crictl configuration options',
  arguments: '[<key> <value>]',
  flags: [
    { names: ['get'], value: 'value', usage: 'Show the option value' },
    {
      names: ['set'],
      value: 'list',
      usage: 'Set option (can specify multiple or separate values with commas: opt1=val1,opt2=val2)',
    },
    { names: ['list'], usage: 'Show all option value' },
  ],
  async run(crictl) {
    const { flags, operands, process } = crictl;
    const text = process.fs.readText(FILE);
    const settings = new Map(
      known.map((key) => [key, key === 'timeout' ? '0' : key.endsWith('endpoint') ? '""' : 'false']),
    );
    for (const [, key = '', value = ''] of (text.ok ? text.value : '').matchAll(/^([\w-]+):\s*(.*)$/gm))
      settings.set(key, value);
    const asked = flags.get('get') ?? (operands.length === 1 ? operands[0] : undefined);
    if (asked !== undefined) {
      if (!known.includes(asked)) return fatal(crictl, `no configuration option named ${JSON.stringify(asked)}`);
      await process.stdout.write(`${(settings.get(asked) ?? '').replace(/^"(.*)"$/, '$1')}\n`);
      return 0;
    }
    const wanted = flags.get('set')?.split(',') ?? (operands.length === 2 ? [operands.join('=')] : undefined);
    if (wanted === undefined) {
      const width = Math.max(...known.map((key) => key.length)) + 3;
      await process.stdout.write(
        `${'KEY'.padEnd(width)}VALUE\n${known.map((key) => `${key.padEnd(width)}${(settings.get(key) ?? '').replace(/^"(.*)"$/, '$1')}\n`).join('')}`,
      );
      return 0;
    }
    for (const pair of wanted) {
      const [key = '', ...value] = pair.split('=');
      if (!known.includes(key)) return fatal(crictl, `no configuration option named ${JSON.stringify(key)}`);
      settings.set(key, value.join('='));
    }
    const written = process.fs.writeFile(FILE, known.map((key) => `${key}: ${settings.get(key) ?? ''}\n`).join(''));
    return written.ok ? 0 : fatal(crictl, `open ${FILE}: ${written.error.message.toLowerCase()}`);
  },
};
