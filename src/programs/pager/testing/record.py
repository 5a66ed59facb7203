#!/usr/bin/env python3
"""Types the cases' keys at the real less and more (in tmux, 80 x 24) and keeps the screens: record.py > recorded.json"""
import json, os, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
here = os.path.dirname(os.path.abspath(__file__))
folder = tempfile.mkdtemp()
for name, text in json.load(open(f'{here}/files.json')).items():
    open(f'{folder}/{name}', 'w', newline='').write(text)
os.mkdir(f'{folder}/dir')
def tmux(server, *args):
    return subprocess.run(['tmux', '-L', server, *args], capture_output=True, text=True).stdout
def record(case):
    number, (command, *keys) = case
    server = f'pager{os.getpid()}-{number}'
    variables = 'LESSHISTFILE=- LC_ALL=C.UTF-8 TERM=screen PS1= EDITOR=true'
    tmux(server, '-f', '/dev/null', 'new', '-d', '-x', '80', '-y', '24', f'cd {folder}; env -u LESS -u VISUAL {variables} sh -c \'{command}\'; sleep 60')
    tmux(server, 'set', '-g', 'status', 'off')
    time.sleep(0.7)
    for key in keys:
        if key: tmux(server, 'send-keys', '-H', *[f'{byte:02x}' for byte in key.encode()])
        time.sleep(0.4)
    time.sleep(0.4)
    screen = tmux(server, 'capture-pane', '-p').split('\n')
    tmux(server, 'kill-server')
    while screen and screen[-1] == '': screen.pop()
    return [command, keys, [row.rstrip() for row in screen]]
cases = json.load(open(f'{here}/cases.json'))
with ThreadPoolExecutor(6) as pool: done = list(pool.map(record, enumerate(cases)))
print('[\n' + ',\n'.join(json.dumps(each, ensure_ascii=False) for each in done) + '\n]')
