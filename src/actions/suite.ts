/**
 * The entry points, by the name of their stub in `dist/`. Each runs when it is imported, and is imported when it is
 * called.
 * `eager` keeps all of them in the one bundle: as chunks of their own, each would carry a copy of what they share.
 */
export const entries = {
  'deploy/index': () => import(/* webpackMode: "eager" */ './deploy/main.ts'),
  'deploy/post': () => import(/* webpackMode: "eager" */ './deploy/post.ts'),
  'rollback/index': () => import(/* webpackMode: "eager" */ './rollback/main.ts'),
  'rollback/post': () => import(/* webpackMode: "eager" */ './rollback/post.ts'),
  'secrets-fetch/index': () => import(/* webpackMode: "eager" */ './secrets-fetch/main.ts'),
  'secrets-fetch/post': () => import(/* webpackMode: "eager" */ './secrets-fetch/post.ts'),
} as const;
