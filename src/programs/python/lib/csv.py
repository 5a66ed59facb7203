"""The module csv."""
QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE = range(4)


class Error(Exception):
    pass


def reader(lines, dialect='excel', delimiter=',', quotechar='"', skipinitialspace=False, **options):
    if dialect == 'excel-tab':
        delimiter = '\t'
    row = []
    cell = ''
    quoted = False
    for line in lines:
        at = 0
        if not quoted and line.strip('\r\n') == '':
            yield []
            continue
        while at < len(line):
            char = line[at]
            at += 1
            if quoted:
                if char == quotechar and line[at:at + 1] == quotechar:
                    cell += char
                    at += 1
                elif char == quotechar:
                    quoted = False
                else:
                    cell += char
            elif char == quotechar and cell == '':
                quoted = True
            elif char == delimiter:
                row.append(cell)
                cell = ''
                while skipinitialspace and line[at:at + 1] == ' ':
                    at += 1
            elif char not in '\r\n':
                cell += char
        if not quoted:
            row.append(cell)
            yield row
            row = []
            cell = ''


class writer:
    def __init__(self, file, dialect='excel', delimiter=',', quotechar='"', quoting=QUOTE_MINIMAL, lineterminator='\r\n', **options):
        self._file = file
        self._delimiter = '\t' if dialect == 'excel-tab' else delimiter
        self._quote = quotechar
        self._quoting = quoting
        self._end = '\n' if dialect == 'unix' else lineterminator

    def _cell(self, value, alone):
        text = '' if value is None else str(value)
        needed = any([char in text for char in (self._delimiter, self._quote, '\n', '\r')]) or alone and text == ''
        if self._quoting == QUOTE_ALL or needed or self._quoting == QUOTE_NONNUMERIC and not isinstance(value, (int, float)):
            return self._quote + text.replace(self._quote, self._quote * 2) + self._quote
        return text

    def writerow(self, row):
        row = list(row)
        return self._file.write(self._delimiter.join([self._cell(each, len(row) == 1) for each in row]) + self._end)

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)


class DictReader:
    def __init__(self, lines, fieldnames=None, restkey=None, restval=None, **options):
        self._rows = reader(lines, **options)
        self._names = fieldnames
        self._restkey = restkey
        self._restval = restval

    @property
    def fieldnames(self):
        if self._names is None:
            try:
                self._names = next(self._rows)
            except StopIteration:
                return None
        return self._names

    def __iter__(self):
        return self

    def __next__(self):
        names = self.fieldnames
        row = next(self._rows)
        while row == []:
            row = next(self._rows)
        found = dict(zip(names, row))
        if len(row) > len(names):
            found[self._restkey] = row[len(names):]
        for name in names[len(row):]:
            found[name] = self._restval
        return found


class DictWriter:
    def __init__(self, file, fieldnames, restval='', extrasaction='raise', **options):
        self.fieldnames = fieldnames
        self._restval = restval
        self._strict = extrasaction == 'raise'
        self._writer = writer(file, **options)

    def writeheader(self):
        return self._writer.writerow(self.fieldnames)

    def writerow(self, row):
        wrong = [name for name in row if name not in self.fieldnames]
        if self._strict and wrong:
            raise ValueError('dict contains fields not in fieldnames: ' + ', '.join([repr(name) for name in wrong]))
        return self._writer.writerow([row.get(name, self._restval) for name in self.fieldnames])

    def writerows(self, rows):
        for row in rows:
            self.writerow(row)
