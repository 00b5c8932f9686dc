import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { OpenConnection } from '../../../src/adapters/ssh/connection.ts';
import type { Client } from '../../../src/adapters/ssh/ssh2.ts';
import { Watched } from '../../fakes/memory.ts';

type Done = (error: Error | undefined, channel?: PassThrough) => void;

/** A connection whose client answers an exec like this. */
function connect(exec: (done: Done) => void) {
  const client = Object.assign(new EventEmitter(), { exec: (_command: string, done: Done) => exec(done) });
  return { client, connection: new OpenConnection(client as unknown as Client, new PassThrough()) };
}

describe('a connection', () => {
  test('calls back once when it is gone, and at once from then on', () => {
    const { client, connection } = connect(() => undefined);
    const calls: string[] = [];
    connection.onLost(() => calls.push('before'));
    client.emit('error', new Error('reset'));
    client.emit('end');
    client.emit('close');
    connection.onLost(() => calls.push('after'));
    expect([connection.lost, calls]).toEqual(['reset', ['before', 'after']]);
  });

  test('does not call back who has taken it back', () => {
    const { client, connection } = connect(() => undefined);
    const calls: string[] = [];
    const forget = connection.onLost(() => calls.push('one'));
    connection.onLost(() => calls.push('other'));
    forget();
    client.emit('close');
    expect(calls).toEqual(['other']);
  });

  test('keeps nothing of a channel once it is given', async () => {
    const channels = new Watched();
    const { connection } = connect((done) => done(undefined, channels.see(new PassThrough())));
    for (let count = 0; count < 32; count += 1) expect((await connection.exec('true')).kind).toBe('open');
    expect(await channels.alive()).toBeLessThan(8);
    expect(connection.lost).toBeUndefined();
  });

  test('that is lost while a channel is asked for says so', async () => {
    const { client, connection } = connect(() => void setImmediate(() => client.emit('close')));
    expect(await connection.exec('true')).toEqual({ kind: 'lost', why: 'the connection was closed' });
    expect(await connection.exec('true')).toEqual({ kind: 'lost', why: 'the connection was closed' });
  });

  test('that throws on being asked counts as lost', async () => {
    const { connection } = connect(() => {
      throw new Error('Not connected');
    });
    expect(await connection.exec('true')).toEqual({ kind: 'lost', why: 'Not connected' });
  });
});
