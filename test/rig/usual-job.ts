// What a job knows about itself when it was started by a push to main.

/** The facts of a job on a push to main, unless `env` says otherwise. */
export const usualJob = {
  GITHUB_ACTIONS: 'true',
  GITHUB_ACTION: '__self',
  GITHUB_ACTOR: 'octo',
  GITHUB_ACTOR_ID: '1001',
  GITHUB_API_URL: 'http://127.0.0.1:9',
  GITHUB_BASE_REF: '',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_GRAPHQL_URL: 'http://127.0.0.1:9/graphql',
  GITHUB_HEAD_REF: '',
  GITHUB_JOB: 'deploy',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_REPOSITORY_ID: '5001',
  GITHUB_REPOSITORY_OWNER: 'acme',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '9001',
  GITHUB_RUN_NUMBER: '17',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_SHA: '0000000000000000000000000000000000000000',
  GITHUB_TRIGGERING_ACTOR: 'octo',
  GITHUB_WORKFLOW: 'deploy',
  GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
  RUNNER_ARCH: 'X64',
  RUNNER_ENVIRONMENT: 'github-hosted',
  RUNNER_NAME: 'test',
  RUNNER_OS: 'Linux',
  CI: 'true',
} as const;

/** What `${{ github.token }}` is in these jobs. It opens nothing. */
export const jobToken = 'ghs_0000000000000000000000000000000000test';
