// Ends the shop that runs, if one does, and starts the one of this release. Your servers have systemd for this.
import { spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const pidFile = 'tmp/pids/shop.pid';
const socket = process.env.PORT;

try {
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
} catch {
  // None runs.
}
rmSync(socket, { force: true });
const log = openSync('log/shop.log', 'a');
const shop = spawn(process.execPath, ['server.mjs'], { detached: true, stdio: ['ignore', log, log] });
writeFileSync(pidFile, `${shop.pid}\n`);
shop.unref();
