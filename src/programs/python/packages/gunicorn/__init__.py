"""A stand-in for Gunicorn by the lab: one worker."""
import os
import sys
import time
import socket

__version__ = '23.0.0'


def log(text):
    sys.stderr.write('[%s +0000] [%d] [INFO] %s\n' % (time.strftime('%Y-%m-%d %H:%M:%S'), os.getpid(), text))


def main():
    from werkzeug import read_request, write_response
    from flask import Request
    import flask.cli
    bind = '127.0.0.1:8000'
    name = None
    access = None
    words = sys.argv[1:]
    while words:
        word, eq, value = words.pop(0).partition('=')
        if word in ('--version', '-v'):
            print('gunicorn (version ' + __version__ + ')')
            return
        if word[:1] == '-':
            if word[:2] == '-b' and len(word) > 2:
                value, eq, word = word[2:], '=', '-b'
            elif word[:2] == '-w' and len(word) > 2:
                continue
            if word not in ('--preload', '--reload'):
                value = value if eq else words.pop(0)
            if word in ('-b', '--bind'):
                bind = value
            elif word == '--access-logfile':
                access = value
        else:
            name = word + eq + value
    if name is None:
        sys.stderr.write('usage: gunicorn [OPTIONS] [APP_MODULE]\ngunicorn: error: No application module specified.\n')
        raise SystemExit(1)
    host, _, port = bind.rpartition(':')
    listener = socket.socket()
    listener.bind((host or '0.0.0.0', int(port)))
    log('Starting gunicorn ' + __version__)
    listener.listen()
    log('Listening at: http://%s:%s (%d)' % (host or '0.0.0.0', port, os.getpid()))
    log('Using worker: sync')
    log('Booting worker with pid: %d' % (os.getpid() + 6))
    app, _ = flask.cli.find_app(name.replace('()', ''))
    import signal

    def stop(number, frame):
        log('Handling signal: ' + ('term' if number == 15 else 'int'))
        log('Worker exiting (pid: %d)' % (os.getpid() + 6))
        log('Shutting down: Master')
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while True:
        connection, address = listener.accept()
        try:
            got = read_request(connection)
            if got is not None:
                method, target, protocol, headers, body, _ = got
                response = app.handle(Request(method, target, headers, body, address[0]))
                write_response(connection, method, response, 'gunicorn')
                if access == '-':
                    print('%s - - [%s +0000] "%s %s %s" %d %d "-" "%s"' % (address[0], time.strftime('%d/%b/%Y:%H:%M:%S'), method, target, protocol, response.status_code, len(response.data), headers.get('User-Agent', '-')), flush=True)
        except (ConnectionError, TimeoutError):
            pass
        finally:
            connection.close()
