'use strict';
// Starts this entry of the one bundle.
require('../index.js').entries['secrets-fetch/post']();
