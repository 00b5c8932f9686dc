// The part of GitHub's API that says whether a job still runs, on loopback.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RunsApi extends AsyncDisposable {
  /** For GITHUB_API_URL. */
  readonly url: string;
  /** What is said of a run from now on; of others it knows nothing (404). `down`: of none, with status 503. */
  say(run: string, status: 'completed' | 'in_progress'): void;
  down(): void;
}

/** Answers `GET /repos/OWNER/REPO/actions/runs/RUN/attempts/N` (docs.github.com, "Get a workflow run attempt"). */
export async function startRunsApi(): Promise<RunsApi> {
  const runs = new Map<string, string>();
  let state: 'up' | 'down' = 'up';
  const server = createServer((request, response) => {
    const run = /^\/repos\/[^/]+\/[^/]+\/actions\/runs\/(\d+)\/attempts\/\d+$/.exec(request.url ?? '')?.[1] ?? '';
    const status = runs.get(run);
    const code = state === 'down' ? 503 : status === undefined ? 404 : 200;
    response
      .writeHead(code, { 'content-type': 'application/json' })
      .end(JSON.stringify(code === 200 ? { id: Number(run), status } : { message: 'no' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    say: (run, status) => {
      state = 'up';
      runs.set(run, status);
    },
    down: () => {
      state = 'down';
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
