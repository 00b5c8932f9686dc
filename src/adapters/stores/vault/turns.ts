/** Lets so many works run at a time; the others wait, first come, first served. */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function numberOfTurns(most: number): Turns {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    take: async (work) => {
      if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await work();
      } finally {
        // Whoever waits takes over the turn; where nobody does it is given back.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
