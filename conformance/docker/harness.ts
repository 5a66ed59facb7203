/** Where the recordings' host had its things. */
export const home = '/gt';
export const out = `${home}/out`;
/** The number of the command that is running; empty between two. */
export const current = `${home}/case`;

/**
 * What the capturing script calls, in our own words: `cap NAME LINE` runs a line and keeps what it said under its
 * number, `capt` the same at a terminal of 40 rows and 120
 * columns, where keys are pressed, `q` quietly, `clean` removes all containers.
 */
export const library = `export OUT=${out} LC_ALL=C.UTF-8
unset COLUMNS LINES
D=docker
N=0
# Between two sections the real host took its time.
sec() { N=$1; sleep 2; }
place() { N=$((N + 1)); printf -v id '%03d-%s' "$N" "$1"; d=$OUT/$id; mkdir -p "$d"; echo "$id" >${current}; }
cap() {
  local name=$1
  shift
  place "$name"
  timeout -k 2 "\${T:-90}" bash -c "$*" >"$d/stdout" 2>"$d/stderr" </dev/null
  echo $? >"$d/code"
  : >${current}
}
capt() {
  place "$1"
  local line=$2
  shift 2
  keys() {
    local key
    for key; do
      sleep "\${DELAY:-2}"
      printf '%b' "$key"
    done
    sleep 600
  }
  timeout -k 2 "\${T:-60}" script -qec "stty rows 40 cols 120; $line" /dev/null >"$d/stdout" 2>"$d/stderr" < <(keys "$@")
  echo $? >"$d/code"
  : >${current}
}
q() { bash -c "$*" >/dev/null 2>&1 </dev/null; }
clean() { docker ps -aq | xargs -r docker rm -fv >/dev/null 2>&1; }
`;

/** That host had no systemd: the script started its daemon by hand and asked once a second whether it answers. */
const restartd = `restartd() { systemctl restart docker; sleep 1; }
export -f restartd
`;

/** The script without the line at its end that runs everything. */
export const sections = (script: string): string => `${script.replace(/^for s in \$\{@.*$/m, '')}\n${restartd}`;

/** The names of its sections, in their order; that of help texts writes elsewhere. */
export const sectionNames = (script: string): readonly string[] =>
  (/^for s in \$\{@:-([a-z ]+)\}/m.exec(script)?.[1] ?? '').split(' ').filter((name) => name !== '' && name !== 'help');
