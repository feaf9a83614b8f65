import { PageQuery, type Page } from '#platform';

/** Pages of 200 that are put together; what is beyond has lists of its own. */
const MOST_PAGES = 5;

/** The first 1,000 items of a list. */
export async function gather<T>(list: (page: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  for (let pages = 0; pages < MOST_PAGES && cursor !== null; pages += 1) {
    const page = await list(Object.assign(new PageQuery(), { limit: 200, ...(cursor !== undefined && { cursor }) }));
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items;
}
