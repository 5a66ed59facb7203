import json
import os
import sys
import _site

site = _site.folder + '/site-packages'
series = _site.folder.rpartition('python')[2]
released = '25.3' if series in ('3.14',) else '25.0.1'
warning = "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager, possibly rendering your system unusable. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv. Use the --root-user-action option if you know what you are doing and want to suppress this warning.\n"


def plain(name):
    out = ''
    for c in name.lower():
        out += '-' if c in '-_.' else c
    return out


def underscored(name):
    return name.lower().replace('-', '_').replace('.', '_')


def installed():
    """(name, version, requires, folder, summary) of each package, as their .dist-info say."""
    found = []
    for name in sorted(os.listdir(site)) if os.path.isdir(site) else []:
        if name.endswith('.dist-info'):
            with open(site + '/' + name + '/METADATA') as file:
                lines = file.read().split('\n')
            fields = {}
            requires = []
            for line in lines:
                key, _, value = line.partition(': ')
                if key == 'Requires-Dist':
                    requires.append(value)
                else:
                    fields[key] = value
            found.append((fields['Name'], fields['Version'], requires, fields.get('Summary', '')))
    found.append(('pip', released, [], 'The PyPA recommended tool for installing Python packages.'))
    return sorted(found, key=lambda each: plain(each[0]))


def fetch(url):
    for attempt in range(6):
        try:
            status, reason, headers, body = _site.call_json('https', 'GET', url, json.dumps([['User-Agent', 'pip/' + released], ['Accept', 'application/json']]), '')
            return status, json.loads(bytes.fromhex(body)) if status == 200 else None
        except OSError as e:
            text = "Failed to resolve 'pypi.org' ([Errno %s] %s)" % (e.errno, e.strerror) if e.errno in (-2, -3) else 'Failed to establish a new connection: [Errno %s] %s' % (e.errno, e.strerror)
            if attempt < 5:
                import time
                sys.stderr.write("WARNING: Retrying (Retry(total=%d, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError(\"<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f0b5c2d3a90>: %s\")': %s\n" % (4 - attempt, text, url[len('https://pypi.org'):]))
                time.sleep(0.25 * 2 ** attempt)
    return 0, None


def numbers(version):
    return [int(part) if part.isdigit() else 0 for part in version.split('.')]


def fits(version, spec):
    for each in spec.split(','):
        each = each.strip()
        for sign in ('===', '==', '>=', '<=', '!=', '~=', '>', '<'):
            if each.startswith(sign):
                want = each[len(sign):].strip()
                a, b = numbers(version), numbers(want.rstrip('.*'))
                size = max(len(a), len(b))
                if want.endswith('.*'):
                    a = a[:len(b)]
                else:
                    a, b = a + [0] * (size - len(a)), b + [0] * (size - len(b))
                good = {'==': a == b, '===': version == want, '>=': a >= b, '<=': a <= b, '!=': a != b, '>': a > b, '<': a < b, '~=': a >= b and numbers(version)[:len(numbers(want)) - 1] == numbers(want)[:-1]}[sign]
                if not good:
                    return False
                break
    return True


def shown(size):
    return '%d bytes' % size if size < 1000 else '%.1f kB' % (size / 1000) if size < 100000 and size < 10000 else '%d kB' % (size // 1000) if size < 1000000 else '%.1f MB' % (size / 1000000)


def split(requirement):
    requirement = requirement.partition('#')[0].partition(';')[0].strip()
    for at in range(len(requirement)):
        if requirement[at] in '=<>!~':
            return requirement[:at].strip().partition('[')[0], requirement[at:].replace(' ', '')
    return requirement.partition('[')[0], ''


def fail(text):
    sys.stderr.write(text)
    raise SystemExit(1)


def install(words):
    wanted = []
    quiet = False
    root_warning = True
    while words:
        word = words.pop(0)
        name, eq, value = word.partition('=')
        if word in ('-r', '--requirement') or name == '--requirement':
            file = value if eq else words.pop(0)
            try:
                with open(file) as opened:
                    lines = opened.read().split('\n')
            except OSError as e:
                fail("ERROR: Could not open requirements file: [Errno %d] %s: %r\n" % (e.errno, e.strerror, file))
            for line in lines:
                line = line.partition(' #')[0].strip()
                if line and line[0] not in '#-':
                    wanted.append((line, ' (from -r %s (line %d))' % (file, lines.index(line) + 1 if line in lines else 1)))
        elif word in ('-q', '--quiet'):
            quiet = True
        elif name == '--root-user-action':
            root_warning = (value if eq else words.pop(0)) != 'ignore'
        elif word in ('--target', '-t', '--index-url', '-i', '--extra-index-url', '--trusted-host', '--prefix', '--timeout', '--default-timeout', '--retries'):
            words.pop(0)
        elif word[:1] == '-':
            pass
        else:
            wanted.append((word, ''))
    if not wanted:
        fail('ERROR: You must give at least one requirement to install (see "pip help install")\n')

    def say(text):
        if not quiet:
            print(text, flush=True)

    have = {plain(name): version for name, version, _, _ in installed()}
    chosen = []
    names = set()
    queue = list(wanted)
    while queue:
        requirement, why = queue.pop(0)
        name, spec = split(requirement)
        if plain(name) in names:
            continue
        old = have.get(plain(name))
        if old is not None and fits(old, spec):
            say('Requirement already satisfied: %s in %s%s (%s)' % (requirement, site, why, old))
            names.add(plain(name))
            continue
        say('Collecting ' + requirement + why)
        status, about = fetch('https://pypi.org/simple/' + plain(name) + '/')
        versions = about['versions'] if about else []
        good = [version for version in versions if fits(version, spec)]
        if not good:
            listed = ', '.join(reversed(versions)) or 'none'
            fail('ERROR: Could not find a version that satisfies the requirement %s%s (from versions: %s)\nERROR: No matching distribution found for %s\n' % (name + spec, why.replace(' (from -r', ' (from -r'), listed, name + spec))
        version = good[0]
        wheel = '%s-%s-py3-none-any.whl' % (underscored(about['name']), version)
        say('  Downloading %s.metadata (%s)' % (wheel, shown(2000 + len(about['name']) * 130)))
        names.add(plain(name))
        chosen.append((about, version, wheel))
        for each in about['requires']:
            queue.append((each, ' (from ' + name + spec + ('->' + why[7:] if why else ')')))
    if chosen:
        got = []
        for about, version, wheel in chosen:
            status, files = fetch('https://files.pythonhosted.org/packages/py3/' + plain(about['name']) + '/' + wheel)
            say('Downloading %s (%s)' % (wheel, shown(about['size'])))
            got.append(files)
        say('Installing collected packages: ' + ', '.join([plain(about['name']) for about, _, _ in reversed(chosen)]))
        if os.getuid() != 0 and not os.access(site, os.W_OK):
            fail("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '%s'\nConsider using the `--user` option or check the permissions.\n\n" % (site + '/' + chosen[-1][0]['folder']))
        for (about, version, wheel), files in zip(chosen, got):
            for path, text in files.items():
                full = site + '/' + path
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, 'w') as file:
                    file.write(text)
            info = '%s/%s-%s.dist-info' % (site, underscored(about['name']), version)
            os.makedirs(info, exist_ok=True)
            with open(info + '/METADATA', 'w') as file:
                file.write('Metadata-Version: 2.4\nName: %s\nVersion: %s\nSummary: %s\n' % (about['name'], version, about['summary']) + ''.join(['Requires-Dist: ' + each + '\n' for each in about['requires']]))
            if about['script']:
                program = '/usr/local/bin/' + plain(about['name'])
                with open(program, 'w') as file:
                    file.write('#!/usr/local/bin/python%s\nimport sys\nfrom %s import main\nif __name__ == \'__main__\':\n    sys.exit(main())\n' % (series, about['script']))
                os.chmod(program, 0o755)
        say('Successfully installed ' + ' '.join(sorted(['%s-%s' % (plain(about['name']), version) for about, version, _ in chosen])))
    if root_warning and os.getuid() == 0 and not quiet:
        sys.stdout.flush()
        sys.stderr.write(warning)


def uninstall(words):
    for name in [word for word in words if word[:1] != '-']:
        found = [each for each in installed() if plain(each[0]) == plain(name)]
        if not found:
            sys.stderr.write('WARNING: Skipping %s as it is not installed.\n' % name)
            continue
        real, version, _, _ = found[0]
        print('Found existing installation: %s %s\nUninstalling %s-%s:' % (real, version, real, version))
        _site.call('removeAll', '%s/%s-%s.dist-info' % (site, underscored(real), version))
        _site.call('removeAll', site + '/' + underscored(real))
        print('  Successfully uninstalled %s-%s' % (real, version))


def show(words):
    rows = installed()
    for name in words:
        found = [each for each in rows if plain(each[0]) == plain(name)]
        if not found:
            fail('WARNING: Package(s) not found: ' + name + '\n')
        real, version, requires, summary = found[0]
        by = [each[0] for each in rows if plain(real) in [plain(one) for one in each[2]]]
        print('Name: %s\nVersion: %s\nSummary: %s\nHome-page: \nAuthor: \nAuthor-email: \nLicense: \nLocation: %s\nRequires: %s\nRequired-by: %s' % (real, version, summary, site, ', '.join(requires), ', '.join(by)))


def main():
    words = sys.argv[1:]
    while words and words[0][:1] == '-' and words[0] not in ('-V', '--version', '-h', '--help'):
        words.pop(0)
    command = words.pop(0) if words else '--help'
    if command in ('-V', '--version'):
        print('pip %s from %s/pip (python %s)' % (released, site, series))
    elif command == 'install':
        install(words)
    elif command == 'uninstall':
        uninstall(words)
    elif command == 'show':
        show(words)
    elif command == 'list':
        rows = [('Package', 'Version')] + [each[:2] for each in installed()]
        wide = [max([len(row[at]) for row in rows]) for at in range(2)]
        rows.insert(1, ('-' * wide[0], '-' * wide[1]))
        for name, version in rows:
            print(name.ljust(wide[0]) + ' ' + version)
    elif command == 'freeze':
        for name, version, _, _ in installed():
            if name != 'pip':
                print(name + '==' + version)
    elif command == 'check':
        print('No broken requirements found.')
    elif command in ('-h', '--help', 'help'):
        print('\nUsage:   \n  pip <command> [options]\n\nCommands:\n  install                     Install packages.\n  uninstall                   Uninstall packages.\n  freeze                      Output installed packages in requirements format.\n  list                        List installed packages.\n  show                        Show information about installed packages.\n  check                       Verify installed packages have compatible dependencies.\n  help                        Show help for commands.\n')
    else:
        fail('ERROR: unknown command "%s"\n' % command)


main()
