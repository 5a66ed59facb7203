// A stand-in for wait-port with its interface: waits until somebody listens.
const net = require('net');

const tryOnce = ({ host, port }) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end('open'));
    socket.once('error', (error) => end(error.code));
  });

module.exports = async function waitPort({
  host = 'localhost',
  port,
  timeout = 0,
  interval = 1000,
  output,
  waitForDns,
}) {
  const say = output === 'silent' ? () => {} : (text) => process.stdout.write(text);
  const began = Date.now();
  if (output !== 'dots') say(`Waiting for ${host}:${port}.`);
  for (;;) {
    const came = await tryOnce({ host: String(host), port: Number(port) });
    if (came === 'open') {
      if (output !== 'dots') say(`\nConnected!\n`);
      return { open: true, ipVersion: 4 };
    }
    if ((came === 'ENOTFOUND' || came === 'EAI_AGAIN') && !waitForDns)
      throw Object.assign(new Error(`The address '${host}' cannot be found`), { name: 'ConnectionError' });
    if (timeout > 0 && Date.now() - began >= timeout) {
      if (output !== 'dots') say('\nTimeout\n');
      return { open: false };
    }
    say('.');
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
};
