/** What both images' entrypoints have in common: the log, variables from files, init scripts. In our own words. */
export const common = `#!/bin/bash
set -eo pipefail

say() { printf '%s [%s] [Entrypoint]: %s\\n' "$(date --rfc-3339=seconds)" "$1" "$2"; }
note() { say Note "$1"; }
warn() { say Warn "$1" >&2; }
die() { say ERROR "$1" >&2; exit 1; }

# VAR, or the file that VAR_FILE names, or a default
from_file() {
	eval "value=\\\${$1:-} file=\\\${$1_FILE:-}"
	if [ -n "$value" ] && [ -n "$file" ]; then
		die "Both $1 and $1_FILE are set (but are exclusive)"
	fi
	if [ -n "$file" ]; then value="$(cat "$file")"; fi
	[ -n "$value" ] || value="\${2:-}"
	export "$1=$value"
	unset "$1_FILE"
}

escaped() { printf '%s' "$1" | sed "s/\\\\\\\\/\\\\\\\\\\\\\\\\/g; s/'/''/g"; }

init_files() {
	echo
	for file in /docker-entrypoint-initdb.d/*; do
		[ -e "$file" ] || continue
		case "$file" in
			*.sh)
				if [ -x "$file" ]; then
					note "$0: running $file"
					"$file"
				else
					note "$0: sourcing $file"
					. "$file"
				fi
				;;
			*.sql) note "$0: running $file"; process_sql < "$file"; echo ;;
			*.sql.gz) note "$0: running $file"; gunzip -c "$file" | process_sql; echo ;;
			*) warn "$0: ignoring $file" ;;
		esac
		echo
	done
}

wants_help() {
	case " $* " in *" --help "*|*" -? "*|*" --version "*|*" -V "*|*" --print-defaults "*) return 0 ;; esac
	return 1
}
`;

/** The entrypoint of the image mysql: our own words for what docker-library/mysql documents. */
export const mysqlEntrypoint = `${common}
DATADIR=/var/lib/mysql
SOCKET=/var/run/mysqld/mysqld.sock

process_sql() {
	MYSQL_PWD="$SET_PASSWORD" mysql -uroot -hlocalhost --protocol=socket --socket="$SOCKET" --comments \${MYSQL_DATABASE:+--database="$MYSQL_DATABASE"} "$@"
}

verify() {
	if [ -z "$MYSQL_ROOT_PASSWORD" ] && [ -z "$MYSQL_ALLOW_EMPTY_PASSWORD" ] && [ -z "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
		die 'Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD'
	fi
	if [ "$MYSQL_USER" = root ]; then
		die 'MYSQL_USER="root", MYSQL_USER and MYSQL_PASSWORD are for configuring a regular user and cannot be used for the root user
    Remove MYSQL_USER="root" and use one of the following to control the root user password:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD'
	fi
	if [ -n "$MYSQL_USER" ] && [ -z "$MYSQL_PASSWORD" ]; then
		warn 'MYSQL_USER specified, but missing MYSQL_PASSWORD; MYSQL_USER will not be created'
	elif [ -z "$MYSQL_USER" ] && [ -n "$MYSQL_PASSWORD" ]; then
		warn 'MYSQL_PASSWORD specified, but missing MYSQL_USER; MYSQL_PASSWORD will be ignored'
	fi
}

setup() {
	if [ -n "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
		MYSQL_ROOT_PASSWORD="$(head -c 24 /dev/urandom | base64)"
		export MYSQL_ROOT_PASSWORD
		note "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
	fi
	password="$(escaped "$MYSQL_ROOT_PASSWORD")"
	{
		echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$password' ;"
		echo "GRANT ALL ON *.* TO 'root'@'localhost' WITH GRANT OPTION ;"
		echo 'FLUSH PRIVILEGES ;'
		if [ -n "$MYSQL_ROOT_HOST" ] && [ "$MYSQL_ROOT_HOST" != localhost ]; then
			echo "CREATE USER 'root'@'$MYSQL_ROOT_HOST' IDENTIFIED BY '$password' ;"
			echo "GRANT ALL ON *.* TO 'root'@'$MYSQL_ROOT_HOST' WITH GRANT OPTION ;"
		fi
		echo 'DROP DATABASE IF EXISTS test ;'
	} | MYSQL_DATABASE= process_sql --database=mysql
	SET_PASSWORD="$MYSQL_ROOT_PASSWORD"
	if [ -n "$MYSQL_DATABASE" ]; then
		note "Creating database $MYSQL_DATABASE"
		echo "CREATE DATABASE IF NOT EXISTS \\\`$MYSQL_DATABASE\\\` ;" | process_sql --database=mysql
	fi
	if [ -n "$MYSQL_USER" ] && [ -n "$MYSQL_PASSWORD" ]; then
		note "Creating user $MYSQL_USER"
		echo "CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$(escaped "$MYSQL_PASSWORD")' ;" | process_sql --database=mysql
		if [ -n "$MYSQL_DATABASE" ]; then
			note "Giving user $MYSQL_USER access to schema $MYSQL_DATABASE"
			echo "GRANT ALL ON \\\`$(printf '%s' "$MYSQL_DATABASE" | sed 's/_/\\\\_/g')\\\`.* TO '$MYSQL_USER'@'%' ;" | process_sql --database=mysql
		fi
	fi
}

case "\${1:-}" in -*) set -- mysqld "$@" ;; esac

if [ "$1" = mysqld ] && ! wants_help "$@"; then
	note "Entrypoint script for MySQL Server $MYSQL_VERSION started."
	for arg in "$@"; do
		case "$arg" in --datadir=*) DATADIR="\${arg#--datadir=}" ;; esac
	done
	for name in MYSQL_ROOT_PASSWORD MYSQL_DATABASE MYSQL_USER MYSQL_PASSWORD; do from_file "$name"; done
	from_file MYSQL_ROOT_HOST %
	mkdir -p "$DATADIR" "$(dirname "$SOCKET")"
	if [ "$(id -u)" = 0 ]; then
		chown -R mysql "$DATADIR" "$(dirname "$SOCKET")"
		note "Switching to dedicated user 'mysql'"
		exec gosu mysql "$0" "$@"
	fi
	if [ ! -d "$DATADIR/mysql" ]; then
		verify
		ls /docker-entrypoint-initdb.d/ > /dev/null
		note 'Initializing database files'
		"$@" --initialize-insecure --default-time-zone=SYSTEM
		note 'Database files initialized'
		note 'Starting temporary server'
		"$@" --daemonize --skip-networking --default-time-zone=SYSTEM --socket="$SOCKET" || die 'Unable to start server.'
		note 'Temporary server started.'
		echo "'/var/lib/mysql/mysql.sock' -> '$SOCKET'"
		SET_PASSWORD=
		setup
		init_files
		note 'Stopping temporary server'
		MYSQL_PWD="$SET_PASSWORD" mysqladmin -uroot shutdown --socket="$SOCKET" || die 'Unable to shut down server.'
		note 'Temporary server stopped'
		echo
		note 'MySQL init process done. Ready for start up.'
		echo
	else
		echo "'/var/lib/mysql/mysql.sock' -> '$SOCKET'"
	fi
fi

exec "$@"
`;
