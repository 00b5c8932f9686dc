'use strict';
// Starts this entry of the one bundle.
const { STATE_file: file = '', STATE_revoke: revoke = '' } = process.env;
if (file !== '' || revoke !== '')
  require('../index.js').entries['secrets-fetch/post']();
