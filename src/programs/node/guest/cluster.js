module.exports = {
  isMaster: true,
  isPrimary: true,
  isWorker: false,
  workers: {},
  on() {},
  fork() {
    throw new Error('cluster.fork() is not part of this simulation');
  },
};
