/**
 * Paths below `deploy_to` that are checked for links of other users, who could redirect what we read, write and delete
 * there.
 */
export const untrustedPaths = ['.', 'releases', 'shared', 'revisions.log', '.slipway'] as const;
