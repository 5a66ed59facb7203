class AsyncLocalStorage {
  run(store, run, ...args) {
    const before = this.store;
    this.store = store;
    try {
      return run(...args);
    } finally {
      this.store = before;
    }
  }
  getStore() {
    return this.store;
  }
  enterWith(store) {
    this.store = store;
  }
}
module.exports = {
  AsyncLocalStorage,
  AsyncResource: class {
    runInAsyncScope(run, self, ...args) {
      return run.apply(self, args);
    }
  },
  createHook: () => ({ enable() {}, disable() {} }),
  executionAsyncId: () => 1,
};
