// The shop: one page, and /up for whoever asks whether it works. PORT is a number, or the path of a socket as in the demo.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { page } from './page.mjs';

const revision = readFileSync('REVISION', 'utf8').trim();

createServer((request, response) => {
  try {
    const text = page();
    response.end(request.url === '/up' ? `up ${revision}\n` : `${text}\n`);
  } catch (error) {
    response.writeHead(500).end(`${error}\n`);
  }
}).listen(process.env.PORT ?? 3000);
