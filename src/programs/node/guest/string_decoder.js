class StringDecoder {
  constructor(encoding = 'utf8') {
    this.encoding = encoding;
    this.rest = Buffer.alloc(0);
  }
  write(bytes) {
    let all = Buffer.concat([this.rest, bytes]);
    this.rest = Buffer.alloc(0);
    if (/^utf-?8$/i.test(this.encoding)) {
      let at = all.length - 1;
      while (at >= 0 && all.length - at < 4 && (all[at] & 0xc0) === 0x80) at--;
      const lead = all[at];
      const need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
      if (at >= 0 && need > all.length - at) {
        this.rest = all.subarray(at);
        all = all.subarray(0, at);
      }
    }
    return all.toString(this.encoding);
  }
  end(bytes) {
    return (bytes ? this.write(bytes) : '') + this.rest.toString(this.encoding);
  }
}
module.exports = { StringDecoder };
