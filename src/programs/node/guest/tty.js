module.exports = { isatty: (fd) => Boolean(host('facts').tty[fd]) };
