// What is looked at before anything is changed.
import { expect, test } from 'vitest';
import { Stage } from '../../rig/stage.ts';

test('the survey tries the way to every port that a required probe asks through the servers, once', async () => {
  const on = new Stage({
    configuration: `health:
  - {name: app, http: 'http://127.0.0.1:3000/up'}
  - {name: again, http: 'http://127.0.0.1:3000/again'}
  - {name: six, http: 'http://[::1]:4000/up'}
  - {name: secure, http: 'https://localhost/up'}
  - {name: shown, http: 'http://127.0.0.1:5000/up', required: false}
  - {name: outside, http: 'http://shop.example.com/up', from: runner}
`,
  });
  await on.deploy();
  const tried = on.servers.tunnels.filter((line) => line.startsWith('s1 ')).slice(0, 3);
  expect(tried).toEqual(['s1 127.0.0.1:3000', 's1 ::1:4000', 's1 localhost:443']);
});
