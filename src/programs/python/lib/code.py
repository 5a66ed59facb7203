"""The interactive interpreter."""
import sys
import _site


def interact(banner=None):
    out = sys.stdout
    out.write('Python ' + sys.version + ' on linux\nType "help", "copyright", "credits" or "license" for more information.\n')
    while True:
        try:
            text = _site.input('>>> ')
            if text.rstrip().endswith(':'):
                while True:
                    more = _site.input('... ')
                    if not more.strip():
                        break
                    text += '\n' + more
        except EOFError:
            out.write('\n')
            return
        except KeyboardInterrupt:
            out.write('\nKeyboardInterrupt\n')
            continue
        if not text.strip():
            continue
        try:
            try:
                code = compile(text, '<stdin>', 'eval')
            except SyntaxError:
                exec(compile(text + '\n', '<stdin>', 'exec'), _site.namespace)
            else:
                sys.displayhook(eval(code, _site.namespace))
        except SystemExit:
            raise
        except BaseException as e:
            _site.print_exception(e)
