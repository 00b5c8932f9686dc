import { Failure } from '../../../domain/failure.ts';

/** Rejects with `CANCELLED` when `signal` aborts first; what `promise` waits for goes on. */
export function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled());
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
}

export function cancelled(): Failure {
  return new Failure('CANCELLED', 'The run was cancelled while it asked a store.');
}
