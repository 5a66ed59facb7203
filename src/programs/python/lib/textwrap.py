"""The module textwrap."""


def dedent(text):
    lines = text.split('\n')
    margin = None
    for line in lines:
        if line.strip():
            indent = line[:len(line) - len(line.lstrip())]
            if margin is None:
                margin = indent
            while not indent.startswith(margin):
                margin = margin[:-1]
    return '\n'.join([line[len(margin or ''):] if line.strip() else '' for line in lines])


def indent(text, prefix, predicate=None):
    return ''.join([prefix + line if (predicate(line) if predicate else line.strip()) else line for line in text.splitlines(True)])


def wrap(text, width=70, initial_indent='', subsequent_indent='', break_long_words=True, **options):
    lines = []
    line = initial_indent
    empty = True
    for word in text.split():
        while True:
            if empty and len(line) + len(word) <= width or not empty and len(line) + 1 + len(word) <= width:
                line += word if empty else ' ' + word
                empty = False
                break
            if empty:
                room = max(width - len(line), 1) if break_long_words else len(word)
                lines.append(line + word[:room])
                word = word[room:]
                line = subsequent_indent
                if not word:
                    break
                continue
            lines.append(line)
            line = subsequent_indent
            empty = True
    if not empty:
        lines.append(line)
    return lines


def fill(text, width=70, **options):
    return '\n'.join(wrap(text, width, **options))


def shorten(text, width, placeholder=' [...]', **options):
    words = text.split()
    if len(' '.join(words)) <= width:
        return ' '.join(words)
    while words and len(' '.join(words)) + len(placeholder) > width:
        words.pop()
    return ' '.join(words) + placeholder if words else placeholder.lstrip()
