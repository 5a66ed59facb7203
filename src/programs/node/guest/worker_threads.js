module.exports = {
  isMainThread: true,
  parentPort: null,
  workerData: null,
  threadId: 0,
  Worker: class {
    constructor() {
      throw new Error('worker threads are not part of this simulation');
    }
  },
};
