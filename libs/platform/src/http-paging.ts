import { Type } from 'class-transformer';
import { IsDefined, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { decodeCursor, encodeCursor } from './http-input.js';
import { UUID } from './ids.js';
import type { Page, Reads } from './read-models.js';

/** A time as this service writes it, and one that there is: the database would choke on a 30 February. */
const isTime = (text: string): boolean => /^[1-9]\d{3}-/.test(text) && new Date(text).toISOString() === text;

/** `?limit=&cursor=` of every list. */
export class PageQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({ description: 'next_cursor of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

/** A query field that names a position of the log. */
export const PositionField = (description: string, { required = false } = {}): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, description, required, pattern: '^\\d{1,19}$' }),
    required ? IsDefined() : IsOptional(),
    Matches(/^\d{1,19}$/, { message: '$property must be a position: a decimal string' }),
  );

const AtPosition = (): PropertyDecorator => PositionField('answers as things stood at this position of the log, that event included');

/** `?at_position=` of one object. */
export class AsOfQuery {
  @AtPosition()
  at_position?: string;
}

/** `?limit=&cursor=&at_position=` of a list. */
export class AsOfPageQuery extends PageQuery {
  @AtPosition()
  at_position?: string;
}

/**
 * One page of a list ordered by creation, ties broken by id.
 * @param from `FROM ... WHERE ...` with `$1...` for `values`; must offer `created_at` and the id column
 */
export async function page<R extends Record<string, unknown>>(
  reads: Reads,
  from: string,
  values: readonly unknown[],
  query: PageQuery,
  order: { id: keyof R & string; direction: 'ASC' | 'DESC' },
): Promise<Page<R>> {
  const cursor = decodeCursor(query.cursor, ([time, id]) => isTime(time!) && UUID.test(id!));
  const next = values.length + 1;
  const beyond = cursor
    ? `AND (created_at, ${order.id}) ${order.direction === 'ASC' ? '>' : '<'} ($${next + 1}::timestamptz, $${next + 2}::uuid)`
    : '';
  const rows = await reads.rows<R & { created_at: Date }>(
    `SELECT * ${from} ${beyond} ORDER BY created_at ${order.direction}, ${order.id} ${order.direction} LIMIT $${next}`,
    [...values, query.limit + 1, ...(cursor ?? [])],
  );
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items,
    next_cursor: rows.length > query.limit && last ? encodeCursor([last.created_at.toISOString(), String(last[order.id])]) : null,
  };
}
