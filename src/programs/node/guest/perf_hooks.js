const began = host('now');
const performance = {
  timeOrigin: began,
  now: () => host('now') - began + 25,
  mark() {},
  measure() {},
  toJSON: () => ({}),
};
module.exports = {
  performance,
  PerformanceObserver: class {
    observe() {}
  },
  monitorEventLoopDelay: () => ({ enable() {}, disable() {} }),
};
