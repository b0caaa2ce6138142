/** What `within` throws when the time is up. The work itself cannot be stopped, only given up on. */
export class BudgetError extends Error {
  override name = 'BudgetError';
}

/** The result of some work, or a BudgetError after a number of milliseconds. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new BudgetError(`no result after ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
