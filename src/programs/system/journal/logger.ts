import { users } from '../../toolkit/users';
import { tool } from '../../toolkit/tool';
import { syslog } from '../syslog';

const levels = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];

/** logger(1): a line for the journal. */
export const logger = tool(
  {
    name: 'logger',
    usage: '[options] [<message>]',
    about: 'Enter messages into the system log.',
    package: 'util-linux 2.38.1',
    short: 'ief:n:p:P:st:Tu:d',
    long: { 'tag:': 't', 'priority:': 'p', stderr: 's', 'file:': 'f', 'id::': 'id', 'no-act': 'no-act' },
  },
  async (tool) => {
    const { process, options, operands, fs } = tool;
    const given = options.value('p') ?? 'user.notice';
    const level = levels.indexOf(
      (given.split('.').at(-1) ?? '')
        .replace('error', 'err')
        .replace('warn', 'warning')
        .replace('warninging', 'warning'),
    );
    if (level < 0) return tool.fail(`unknown priority name: ${given.split('.').at(-1) ?? ''}`);
    const name = users(fs).find(({ uid }) => uid === process.credentials.uid)?.name ?? String(process.credentials.uid);
    const tag = options.value('t') ?? name;
    const file = options.value('f');
    const text = operands.length > 0 ? operands.join(' ') : file === undefined ? await process.stdin.text() : undefined;
    const read = text === undefined && file !== undefined ? fs.readText(file) : undefined;
    if (read?.ok === false) return tool.fail(`file ${file ?? ''}: ${read.error.message}`);
    for (const line of (text ?? (read?.ok === true ? read.value : '')).split('\n')) {
      if (line === '') continue;
      syslog(process, { identifier: tag, priority: level, message: line, pid: options.has('i', 'id') });
      if (options.has('s')) await process.stderr.write(`<${8 + level}>${tag}: ${line}\n`);
    }
    return 0;
  },
);
