const commands = (product: string, mariadb: boolean): string => `?         (\\?) Synonym for \`help'.
${
  mariadb
    ? `charset   (\\C) Switch to another charset. Might be needed for processing binlog with multi-byte charsets.
`
    : ''
}clear     (\\c) Clear the current input statement.
connect   (\\r) Reconnect to the server. Optional arguments are db and host.
delimiter (\\d) Set statement delimiter.
edit      (\\e) Edit command with $EDITOR.
ego       (\\G) Send command to ${product} server, display result vertically.
exit      (\\q) Exit mysql. Same as quit.
go        (\\g) Send command to ${product} server.
help      (\\h) Display this help.
nopager   (\\n) Disable pager, print to stdout.
notee     (\\t) Don't write into outfile.
${
  mariadb
    ? `nowarning (\\w) Don't show warnings after every statement.
`
    : ''
}pager     (\\P) Set PAGER [to_pager]. Print the query results via PAGER.
print     (\\p) Print current command.
prompt    (\\R) Change your mysql prompt.
quit      (\\q) Quit mysql.
rehash    (\\#) Rebuild completion hash.
${
  mariadb
    ? `sandbox   (\\-) Disallow commands that access the file system (except \\P without an argument and \\e).
`
    : ''
}source    (\\.) Execute an SQL script file. Takes a file name as an argument.
status    (\\s) Get status information from the server.
system    (\\!) Execute a system shell command.
tee       (\\T) Set outfile [to_outfile]. Append everything into given outfile.
use       (\\u) Use another database. Takes database name as argument.
${
  mariadb
    ? ''
    : `charset   (\\C) Switch to another charset. Might be needed for processing binlog with multi-byte charsets.
`
}warnings  (\\W) Show warnings after every statement.
${
  mariadb
    ? ''
    : `nowarning (\\w) Don't show warnings after every statement.
resetconnection(\\x) Clean session context.
query_attributes Sets string parameters (name1 value1 name2 value2 ...) for the next query to pick up.
ssl_session_data_print Serializes the current SSL session data to stdout or file
`
}`;

/** `help`. */
export function helpText(mariadb: boolean, interactive: boolean): string {
  const list = commands(mariadb ? 'MariaDB' : 'MySQL', mariadb);
  if (!interactive) return list;
  const head = mariadb
    ? '\nGeneral information about MariaDB can be found at\nhttp://mariadb.org\n\n'
    : '\nFor information about MySQL products and services, visit:\n   http://www.mysql.com/\nFor developer information, including the MySQL Reference Manual, visit:\n   http://dev.mysql.com/\nTo buy MySQL Enterprise support, training, or other products, visit:\n   https://shop.mysql.com/\n\n';
  return `${head}List of all ${mariadb ? 'client' : 'MySQL'} commands:\nNote that all text commands must be first on line and end with ';'\n${list}\nFor server side help, type 'help contents'\n\n`;
}
