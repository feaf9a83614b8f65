/**
 * A pure function of a text that keeps what it made of the texts it had last, at most so many, since a chat is read from its
 * beginning at every message and the same words are looked at again and again. What it answers belongs to all who ask for it and
 * must not be changed. Nothing but the text decides the answer, so it makes no difference who asked before.
 */
export function remembered<T>(most: number, make: (text: string) => T): (text: string) => T {
  const made = new Map<string, { readonly of: T }>();
  return (text) => {
    const known = made.get(text);
    if (known) return known.of;
    const of = make(text);
    for (const oldest of made.keys()) {
      if (made.size < most) break;
      made.delete(oldest);
    }
    made.set(text, { of });
    return of;
  };
}
