/**
 * A system follows no more links than this for one path (path_resolution(7)), so what lies behind them is never
 * reached.
 */
const mostLinks = 40;

/**
 * Whether the link at `path` leads out of the tree: through `..`, an absolute target, or another link of the tree that
 * does.
 * `links` holds the target of every link by its path. What the tree does not hold counts as a directory.
 */
export function leadsOut(path: string, links: ReadonlyMap<string, string>): boolean {
  const here = path.split('/').slice(0, -1);
  const ahead = [path.slice(path.lastIndexOf('/') + 1)];
  let followed = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (here.pop() === undefined) return true;
      continue;
    }
    const target = links.get([...here, part].join('/'));
    if (target === undefined) here.push(part);
    else if (target.startsWith('/')) return true;
    else if (followed === mostLinks) return false;
    else {
      followed += 1;
      ahead.unshift(...target.split('/'));
    }
  }
  return false;
}
