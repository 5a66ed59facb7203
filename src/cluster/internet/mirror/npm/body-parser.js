const { json, urlencoded, text, raw } = require('express');
module.exports = { json, urlencoded, text, raw };
