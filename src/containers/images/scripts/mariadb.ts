import { common } from './mysql';

/** The entrypoint of the image mariadb: our own words for what MariaDB/mariadb-docker documents. */
export const mariadbEntrypoint = `${common}
DATADIR=/var/lib/mysql
SOCKET=/run/mysqld/mysqld.sock

process_sql() {
	MYSQL_PWD="$SET_PASSWORD" mariadb --protocol=socket -uroot -hlocalhost --socket="$SOCKET" \${MYSQL_DATABASE:+--database="$MYSQL_DATABASE"} "$@"
}

# MARIADB_X, or else MYSQL_X; both are set to it
both() {
	from_file "MYSQL_$1" "\${2:-}"
	eval "value=\\\${MYSQL_$1}"
	from_file "MARIADB_$1" "$value"
	eval "value=\\\${MARIADB_$1}"
	export "MYSQL_$1=$value"
}

setup() {
	if [ -n "$MARIADB_RANDOM_ROOT_PASSWORD" ]; then
		MARIADB_ROOT_PASSWORD="$(head -c 24 /dev/urandom | base64)"
		export MARIADB_ROOT_PASSWORD MYSQL_ROOT_PASSWORD="$MARIADB_ROOT_PASSWORD"
		note "GENERATED ROOT PASSWORD: $MARIADB_ROOT_PASSWORD"
	fi
	note 'Securing system users (equivalent to running mysql_secure_installation)'
	password="$(escaped "$MARIADB_ROOT_PASSWORD")"
	health="$(head -c 24 /dev/urandom | base64)"
	{
		echo "SET PASSWORD FOR 'root'@'localhost'= PASSWORD('$password') ;"
		if [ -n "$MARIADB_ROOT_HOST" ] && [ "$MARIADB_ROOT_HOST" != localhost ]; then
			echo "CREATE USER 'root'@'$MARIADB_ROOT_HOST' IDENTIFIED BY '$password' ;"
			echo "GRANT ALL ON *.* TO 'root'@'$MARIADB_ROOT_HOST' WITH GRANT OPTION ;"
		fi
		for host in 127.0.0.1 ::1 localhost; do
			echo "CREATE USER IF NOT EXISTS healthcheck@'$host' IDENTIFIED BY '$health' ;"
		done
	} | MYSQL_DATABASE= process_sql --database=mysql
	printf '[mariadb-client]\\nport=3306\\nsocket=%s\\nuser=healthcheck\\npassword=%s\\nprotocol=tcp\\n\\n' "$SOCKET" "$health" > "$DATADIR/.my-healthcheck.cnf"
	SET_PASSWORD="$MARIADB_ROOT_PASSWORD"
	if [ -n "$MARIADB_DATABASE" ]; then
		note "Creating database $MARIADB_DATABASE"
		echo "CREATE DATABASE IF NOT EXISTS \\\`$MARIADB_DATABASE\\\` ;" | process_sql --database=mysql
	fi
	if [ -n "$MARIADB_USER" ] && [ -n "$MARIADB_PASSWORD" ]; then
		note "Creating user $MARIADB_USER"
		echo "CREATE USER '$MARIADB_USER'@'%' IDENTIFIED BY '$(escaped "$MARIADB_PASSWORD")' ;" | process_sql --database=mysql
		if [ -n "$MARIADB_DATABASE" ]; then
			note "Giving user $MARIADB_USER access to schema $MARIADB_DATABASE"
			echo "GRANT ALL ON \\\`$(printf '%s' "$MARIADB_DATABASE" | sed 's/_/\\\\_/g')\\\`.* TO '$MARIADB_USER'@'%' ;" | process_sql --database=mysql
		fi
	fi
}

case "\${1:-}" in -*) set -- mariadbd "$@" ;; esac

if { [ "$1" = mariadbd ] || [ "$1" = mysqld ]; } && ! wants_help "$@"; then
	note "Entrypoint script for MariaDB Server $MARIADB_VERSION started."
	for name in DATABASE USER PASSWORD ROOT_PASSWORD; do both "$name"; done
	both ROOT_HOST %
	: "\${MARIADB_ALLOW_EMPTY_ROOT_PASSWORD:=\${MYSQL_ALLOW_EMPTY_PASSWORD:-}}"
	: "\${MARIADB_RANDOM_ROOT_PASSWORD:=\${MYSQL_RANDOM_ROOT_PASSWORD:-}}"
	export MARIADB_ALLOW_EMPTY_ROOT_PASSWORD MARIADB_RANDOM_ROOT_PASSWORD
	mkdir -p "$DATADIR" "$(dirname "$SOCKET")"
	if [ "$(id -u)" = 0 ]; then
		chown -R mysql "$DATADIR" "$(dirname "$SOCKET")"
		note "Switching to dedicated user 'mysql'"
		exec gosu mysql "$0" "$@"
	fi
	if [ ! -d "$DATADIR/mysql" ]; then
		if [ -z "$MARIADB_ROOT_PASSWORD" ] && [ -z "$MARIADB_ROOT_PASSWORD_HASH" ] && [ -z "$MARIADB_ALLOW_EMPTY_ROOT_PASSWORD" ] && [ -z "$MARIADB_RANDOM_ROOT_PASSWORD" ]; then
			die 'Database is uninitialized and password option is not specified
	You need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD'
		fi
		ls /docker-entrypoint-initdb.d/ > /dev/null
		note 'Initializing database files'
		mariadb-install-db --datadir="$DATADIR" --rpm --auth-root-authentication-method=normal --skip-test-db
		note 'Database files initialized'
		note 'Starting temporary server'
		"$@" --skip-networking --default-time-zone=SYSTEM --socket="$SOCKET" &
		SERVER=$!
		note 'Waiting for server startup'
		SET_PASSWORD=
		tries=30
		until echo 'SELECT 1' | MYSQL_DATABASE= process_sql --database=mysql > /dev/null 2>&1; do
			tries=$((tries - 1))
			[ "$tries" -gt 0 ] || die 'Unable to start server.'
			sleep 1
		done
		note 'Temporary server started.'
		setup
		init_files
		note 'Stopping temporary server'
		kill "$SERVER"
		wait "$SERVER" || true
		note 'Temporary server stopped'
		echo
		note 'MariaDB init process done. Ready for start up.'
		echo
	fi
fi

exec "$@"
`;

/** healthcheck.sh of the image: the checks that compose files ask for. */
export const mariadbHealthcheck = `#!/bin/bash
set -eo pipefail

ask() {
	mariadb --defaults-file=/var/lib/mysql/.my-healthcheck.cnf --skip-ssl -h 127.0.0.1 --protocol tcp -e "$1" > /dev/null 2>&1
}
[ $# -gt 0 ] || { echo 'At least one argument required' >&2; exit 1; }
for check in "$@"; do
	case "$check" in
		--connect|--innodb_initialized) ask 'select 1' || { echo "healthcheck \${check#--} failed" >&2; exit 1; } ;;
		--*) ;;
	esac
done
`;
