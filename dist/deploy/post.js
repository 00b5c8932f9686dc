'use strict';
// Starts this entry of the one bundle.
const { STATE_progress: progress = '' } = process.env;
if (progress !== '' && !progress.startsWith('{"at":"finished"'))
  require('../index.js').entries['deploy/post']();
