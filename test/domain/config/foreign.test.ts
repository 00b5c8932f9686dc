import { describe, expect, it } from 'vitest';
import { foreignConfiguration } from '../../../src/domain/config/reading/foreign.ts';

describe('files of other tools', () => {
  it.each([
    [
      'deploy.yml',
      'service: shop\nimage: me/shop\nservers:\n  - 1.2.3.4\n',
      'deploy.yml: this is a Kamal file (it has `service:` and `image:`), not a Slipway configuration.',
    ],
    [
      'deploy.yml',
      '<% require "x" %>\nservice: shop\nimage: <%= x %>\n',
      'deploy.yml: this is a Kamal file (it has `service:` and `image:`), not a Slipway configuration.',
    ],
    ['deploy.rb', 'anything', 'deploy.rb: this is a Capistrano script in Ruby, not a Slipway configuration.'],
    [
      'Capfile',
      'require "capistrano/setup"\n',
      'Capfile: this is a Capistrano script in Ruby, not a Slipway configuration.',
    ],
    [
      'x',
      'lock "~> 3.20"\nset :application, "shop"\n',
      'x: this is a Capistrano script in Ruby, not a Slipway configuration.',
    ],
    [
      'x',
      'server "web1", user: "deploy", roles: %w{web}\n',
      'x: this is a Capistrano script in Ruby, not a Slipway configuration.',
    ],
  ])('%s is told as such', (path, text, message) => {
    expect(foreignConfiguration(path, text)).toMatchObject({ code: 'CONFIG_FOREIGN', message });
  });

  it('are not seen in the commands of a hook', () => {
    const text =
      'application: a\nhooks:\n  updated:\n    - run: |\n        set :application, "x"\n        service: x\n        image: y\n';
    expect(foreignConfiguration('f.yml', text)).toBeUndefined();
  });
});
