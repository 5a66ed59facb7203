// npm, npx and yarn in small: package.json, the registry, node_modules and scripts.
const fs = require('fs');
const path = require('path');
const registry = 'https://registry.npmjs.org';
const say = (text) => process.stdout.write(`${text}\n`);
const complain = (...lines) => lines.forEach((line) => process.stderr.write(`${line}\n`));
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const writeJson = (file, value) => fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
const root = () => {
  for (let at = process.cwd(); ; at = path.dirname(at)) {
    if (fs.existsSync(`${at}/package.json`)) return at;
    if (at === '/') return process.cwd();
  }
};
const numbers = (version) =>
  /^v?(\d+)\.?(\d+|x|\*)?\.?(\d+|x|\*)?/
    .exec(version)
    ?.slice(1)
    .map((each) => (each === undefined || /[x*]/.test(each) ? undefined : Number(each)));
const compare = (a, b) => {
  const [x, y] = [numbers(a), numbers(b)];
  for (let at = 0; at < 3; at++) if ((x[at] || 0) !== (y[at] || 0)) return (x[at] || 0) - (y[at] || 0);
  return 0;
};
const satisfies = (version, range) =>
  range.split('||').some((part) =>
    part
      .trim()
      .split(/\s+(?=[\^~<>=\dv*])/)
      .every((term) => {
        const found = /^(\^|~|>=|<=|>|<|=)?\s*(.*)$/.exec(term.trim());
        const [, sign = '', text] = found;
        if (text === '' || text === '*' || text === 'latest' || text === 'x') return true;
        const want = numbers(text);
        if (!want) return false;
        const order = compare(version, text);
        const has = numbers(version);
        if (sign === '>=') return order >= 0;
        if (sign === '<=') return order <= 0;
        if (sign === '>') return order > 0;
        if (sign === '<') return order < 0;
        if (sign === '^') return order >= 0 && has[0] === want[0] && (want[0] !== 0 || has[1] === want[1]);
        if (sign === '~') return order >= 0 && has[0] === want[0] && (want[1] === undefined || has[1] === want[1]);
        return want.every((each, at) => each === undefined || each === has[at]);
      }),
  );
class Failure extends Error {
  constructor(code, ...lines) {
    super(lines[0]);
    Object.assign(this, { code, lines });
  }
}
const networkFailure = (error, url) => {
  const { code, syscall, hostname, errno } = error.cause || error;
  return new Failure(
    code || 'ECONNREFUSED',
    `syscall ${syscall}`,
    `errno ${code === 'EAI_AGAIN' ? 'EAI_AGAIN' : errno}`,
    `request to ${url} failed, reason: ${(error.cause || error).message}`,
    ...(hostname ? [] : []),
  );
};
const packuments = new Map();
const packument = async (name, wanted) => {
  if (packuments.has(name)) return packuments.get(name);
  const url = `${registry}/${name.replace('/', '%2f')}`;
  const response = await fetch(url).catch((error) => {
    throw networkFailure(error, url);
  });
  if (response.status === 404)
    throw new Failure(
      'E404',
      `404 Not Found - GET ${url} - Not found`,
      '404',
      `404  '${name}@${wanted}' is not in this registry.`,
      "404 This package name is not valid, or the lab's registry has no stand-in for it.",
      '404',
      '404 Note that you can also install from a',
      '404 tarball, folder, http url, or git folder.',
    );
  const made = await response.json();
  packuments.set(name, made);
  return made;
};
const pick = async (name, range) => {
  const about = await packument(name, range || 'latest');
  const tag = about['dist-tags'][range || 'latest'];
  const version =
    tag ||
    Object.keys(about.versions)
      .filter((each) => satisfies(each, range))
      .sort(compare)
      .pop();
  if (!version)
    throw new Failure(
      'ETARGET',
      `notarget No matching version found for ${name}@${range}.`,
      'notarget In most cases you or one of your dependencies are requesting',
      "notarget a package version that doesn't exist.",
    );
  return about.versions[version];
};
const unpack = async (about, folder) => {
  const response = await fetch(about.dist.tarball);
  const bytes = Buffer.from(host('gunzip', await response.arrayBuffer()));
  fs.rmSync(folder, { recursive: true, force: true });
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const text = (from, length) =>
      bytes
        .subarray(at + from, at + from + length)
        .toString('latin1')
        .replace(/\0.*$/s, '');
    const name = text(0, 100).replace(/^package\//, '');
    const size = parseInt(text(124, 12), 8);
    if (text(156, 1) !== '5') {
      fs.mkdirSync(path.dirname(`${folder}/${name}`), { recursive: true });
      fs.writeFileSync(`${folder}/${name}`, bytes.subarray(at + 512, at + 512 + size));
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
};
const lockOf = (about, entries) => ({
  name: about.name || path.basename(root()),
  ...(about.version ? { version: about.version } : {}),
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': Object.fromEntries(
      ['name', 'version', 'license', 'dependencies', 'devDependencies']
        .filter((key) => about[key] !== undefined)
        .map((key) => [key, about[key]]),
    ),
    ...entries,
  },
});
const plural = (count) => `${count} package${count === 1 ? '' : 's'}`;
const install = async (wanted, { dev = false, omitDev = false, ci = false } = {}) => {
  const began = Date.now();
  const at = root();
  const file = `${at}/package.json`;
  const about = fs.existsSync(file) ? readJson(file) : {};
  const lockFile = `${at}/package-lock.json`;
  const lock = fs.existsSync(lockFile) ? readJson(lockFile) : undefined;
  if (ci && !lock)
    throw new Failure(
      'EUSAGE',
      '',
      'The `npm ci` command can only install with an existing package-lock.json or',
      'npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or',
      'later to generate a package-lock.json file, then try again.',
      '',
      'Clean install a project',
      '',
      'Usage:',
      'npm ci',
      '',
      'aliases: clean-install, ic, install-clean, isntall-clean',
    );
  for (const word of wanted) {
    const [, name, range] = /^(@?[^@]+)(?:@(.+))?$/.exec(word);
    const chosen = await pick(name, range);
    const key = dev ? 'devDependencies' : 'dependencies';
    about[key] = Object.fromEntries(
      Object.entries({
        ...about[key],
        [name]: range && /^\d+\.\d+\.\d+$/.test(range) ? range : `^${chosen.version}`,
      }).sort(),
    );
  }
  const asked = { ...about.dependencies, ...(omitDev ? {} : about.devDependencies) };
  if (ci) {
    const locked = { ...lock.packages[''].dependencies, ...lock.packages[''].devDependencies };
    const missing = Object.entries({ ...about.dependencies, ...about.devDependencies }).filter(
      ([name, range]) => locked[name] !== range,
    );
    if (missing.length > 0)
      throw new Failure(
        'EUSAGE',
        '',
        '`npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.',
        '',
        ...missing.map(([name, range]) => `Missing: ${name}@${range.replace(/^[\^~]/, '')} from lock file`),
        '',
      );
    fs.rmSync(`${at}/node_modules`, { recursive: true, force: true });
  }
  const entries = {};
  const queue = Object.entries(asked);
  let added = 0;
  let changed = 0;
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, range] = next;
    const folder = `node_modules/${name}`;
    if (entries[folder]) continue;
    const locked = lock && lock.packages && lock.packages[folder];
    const chosen = await pick(name, locked && satisfies(locked.version, range) ? locked.version : range);
    const { version, dist, license, dependencies } = chosen;
    entries[folder] = {
      version,
      resolved: dist.tarball,
      integrity: dist.integrity,
      license,
      ...(dependencies ? { dependencies } : {}),
    };
    queue.push(...Object.entries(dependencies || {}));
    const there = `${at}/${folder}/package.json`;
    if (fs.existsSync(there) && readJson(there).version === version) continue;
    if (fs.existsSync(there)) changed++;
    else added++;
    await unpack(chosen, `${at}/${folder}`);
  }
  let removed = 0;
  if (fs.existsSync(`${at}/node_modules`))
    for (const name of fs.readdirSync(`${at}/node_modules`))
      if (!name.startsWith('.') && !name.startsWith('@') && !entries[`node_modules/${name}`]) {
        fs.rmSync(`${at}/node_modules/${name}`, { recursive: true });
        removed++;
      }
  const sorted = Object.fromEntries(Object.entries(entries).sort());
  if (wanted.length > 0) writeJson(file, about);
  if (!ci) writeJson(lockFile, lockOf(about, sorted));
  const count = Object.keys(entries).length;
  if (count > 0) writeJson(`${at}/node_modules/.package-lock.json`, { ...lockOf(about, {}), packages: sorted });
  const took = Date.now() - began;
  const time = took >= 1000 ? `${Math.round(took / 1000)}s` : `${took}ms`;
  const did = [
    added && `added ${plural(added)}`,
    removed && `removed ${plural(removed)}`,
    changed && `changed ${plural(changed)}`,
  ].filter(Boolean);
  const audited = `audited ${plural(count + 1)} in ${time}`;
  say(
    `\n${did.length > 0 ? `${did.join(', ')}, and ${audited}` : `up to date, ${audited}`}\n\nfound 0 vulnerabilities`,
  );
};
const runScript = (name, args, quiet) => {
  const at = root();
  if (!fs.existsSync(`${at}/package.json`))
    throw new Failure(
      'ENOENT',
      'syscall open',
      `path ${at}/package.json`,
      'errno -2',
      `enoent Could not read package.json: Error: ENOENT: no such file or directory, open '${at}/package.json'`,
      'enoent This is related to npm not being able to find a file.',
      'enoent',
    );
  const about = readJson(`${at}/package.json`);
  const scripts = about.scripts || {};
  const command =
    scripts[name] || (name === 'start' && fs.existsSync(`${at}/server.js`) ? 'node server.js' : undefined);
  if (!command)
    throw new Failure(undefined, `Missing script: "${name}"`, '', 'To see a list of scripts, run:', '  npm run');
  const line = [command, ...args.map((each) => (/[\s"'$]/.test(each) ? `'${each}'` : each))].join(' ');
  if (!quiet) say(`\n> ${[about.name, about.version].filter(Boolean).join('@')} ${name}\n> ${line}\n`);
  const child = require('child_process').spawn('/bin/sh', ['-c', line], {
    cwd: at,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${at}/node_modules/.bin:${process.env.PATH}`,
      npm_lifecycle_event: name,
      npm_package_name: about.name,
      npm_package_version: about.version,
      npm_command: 'run-script',
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) =>
    signal ? process.exit(128 + (internal.signalNumbers[signal] || 0)) : process.exit(code),
  );
};
const list = () => {
  const at = root();
  const about = fs.existsSync(`${at}/package.json`) ? readJson(`${at}/package.json`) : {};
  const names = Object.keys({ ...about.dependencies, ...about.devDependencies }).sort();
  say(`${about.name ? `${about.name}@${about.version || ''} ` : ''}${at}`);
  if (names.length === 0) say('└── (empty)');
  names.forEach((name, index) => {
    const there = `${at}/node_modules/${name}/package.json`;
    const mark = index === names.length - 1 ? '└──' : '├──';
    say(
      fs.existsSync(there)
        ? `${mark} ${name}@${readJson(there).version}`
        : `${mark} UNMET DEPENDENCY ${name}@${{ ...about.dependencies, ...about.devDependencies }[name]}`,
    );
  });
  say('');
};
const init = () => {
  const file = `${process.cwd()}/package.json`;
  const main = ['index.js', 'server.js', 'app.js'].find((each) => fs.existsSync(each)) || 'index.js';
  const made = {
    name: path.basename(process.cwd()) || 'app',
    version: '1.0.0',
    description: '',
    main,
    scripts: {
      test: 'echo "Error: no test specified" && exit 1',
      ...(main === 'server.js' ? { start: 'node server.js' } : {}),
    },
    keywords: [],
    author: '',
    license: 'ISC',
  };
  writeJson(file, { ...made, ...(fs.existsSync(file) ? readJson(file) : {}) });
  say(`Wrote to ${file}:\n\n${JSON.stringify(readJson(file), null, 2)}\n\n\n`);
};
const version = () => {
  try {
    return readJson('/usr/local/lib/node_modules/npm/package.json').version;
  } catch {
    return '10.9.4';
  }
};
const act = async (program, args) => {
  const flags = args.filter((each) => each.startsWith('-'));
  const [command, ...words] = args.filter((each) => !each.startsWith('-'));
  const has = (...names) => names.some((name) => flags.includes(name));
  if (has('-v', '--version')) return say(program === 'yarn' ? '1.22.22' : version());
  const options = {
    dev: has('-D', '--save-dev'),
    omitDev:
      has('--production', '--omit=dev', '--only=production') ||
      (process.env.NODE_ENV === 'production' && !has('--include=dev')),
  };
  if (program === 'yarn' && command === undefined) return install([], options);
  if (program === 'npx') throw new Failure('E404', `404 '${command}@*' is not in this registry.`);
  switch (command) {
    case 'install':
    case 'i':
    case 'add':
      return install(words, options);
    case 'ci':
    case 'clean-install':
      return install([], { ...options, ci: true });
    case 'run':
    case 'run-script': {
      const [name, ...rest] = args
        .slice(args.indexOf(command) + 1)
        .filter((each) => each !== '--' && each !== '--silent' && each !== '-s');
      if (name === undefined) {
        const about = readJson(`${root()}/package.json`);
        return say(
          `Scripts available in ${about.name}@${about.version} via \`npm run\`:\n${Object.entries(about.scripts || {})
            .map(([each, line]) => `  ${each}\n    ${line}`)
            .join('\n')}`,
        );
      }
      return runScript(name, rest, has('--silent', '-s'));
    }
    case 'start':
    case 'test':
    case 't':
    case 'stop':
    case 'restart':
      return runScript(command === 't' ? 'test' : command, words, has('--silent', '-s'));
    case 'ls':
    case 'list':
      return list();
    case 'init':
      return init();
    case 'uninstall':
    case 'remove':
    case 'rm': {
      const file = `${root()}/package.json`;
      const about = readJson(file);
      for (const name of words)
        for (const key of ['dependencies', 'devDependencies']) if (about[key]) delete about[key][name];
      writeJson(file, about);
      return install([], options);
    }
    case 'config':
    case 'cache':
    case 'audit':
    case 'fund':
      return command === 'audit' ? say('found 0 vulnerabilities') : undefined;
    case 'view':
    case 'info':
    case 'show': {
      const chosen = await pick(words[0].replace(/(?<=.)@.*$/, ''));
      return say(
        words[1]
          ? String(chosen[words[1]])
          : `\n${chosen.name}@${chosen.version} | ${chosen.license}\n${chosen.description}\n`,
      );
    }
    case undefined:
      say(
        "npm <command>\n\nUsage:\n\nnpm install        install all the dependencies in your project\nnpm install <foo>  add the <foo> dependency to your project\nnpm test           run this project's tests\nnpm run <foo>      run the script named <foo>",
      );
      return void (process.exitCode = 1);
    default:
      if (program === 'yarn') return runScript(command, words, false);
      complain(`Unknown command: "${command}"`, '', '', 'To see a list of supported npm commands, run:', '  npm help');
      process.exitCode = 1;
  }
};
module.exports = {
  main(program, args) {
    process.title = `${program} ${args.join(' ')}`.trim();
    act(program, args).catch((error) => {
      process.exitCode = 1;
      if (!(error instanceof Failure)) return complain(`npm error ${error.stack || error}`);
      if (error.code) complain(`npm error code ${error.code}`);
      for (const line of error.lines) complain(`npm error ${line}`.trimEnd());
      const stamp = new Date().toISOString().replace(/[:.]/g, '_');
      complain(
        `npm error A complete log of this run can be found in: ${process.env.HOME || '/root'}/.npm/_logs/${stamp}-debug-0.log`,
      );
    });
  },
};
