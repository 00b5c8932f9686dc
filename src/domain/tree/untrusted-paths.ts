/** Places of a tree, below `deploy_to`, that another user could redirect these paths: what we write, delete or believe there would be theirs to choose. */
export const untrustedPaths = ['.', 'releases', 'shared', 'revisions.log', '.slipway'] as const;
