import { z } from 'zod';

const text = (max: number) => z.string().max(max);

/** Finished front-end designs that a project may begin with: a brief, a style, and one chosen preview a page. */
export const generationSpec = z.strictObject({
  brief: z.strictObject({ title: text(200), details: text(20_000), audience: text(2_000), goals: text(4_000) }),
  style: z.strictObject({ name: text(200), palette: z.array(text(40)).max(40), typography: z.array(text(120)).max(20), notes: text(4_000) }),
  global_notes: text(20_000),
  pages: z
    .array(
      z.strictObject({
        page_id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/),
        route: z.string().regex(/^\/[\w\-/[\]]{0,199}$/),
        name: text(200),
        tree_node: z.json(),
        selected_preview_html: text(500_000),
        actions: z.array(text(200)).max(60),
        notes: text(20_000),
      }),
    )
    .min(1)
    .max(60),
});
export type GenerationSpec = z.infer<typeof generationSpec>;
