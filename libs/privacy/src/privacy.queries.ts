import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReadModels } from '#platform';
import type { ErasureRow } from './privacy.projection.js';

/** Times as ISO 8601; `erased_at` is null until nothing of theirs can be read. */
export interface ErasureView {
  readonly person_id: string;
  readonly requested_at: string;
  readonly erased_at: string | null;
}

/** How far the erasure of a person has come; null where nobody asked for it. */
export class GetErasure extends Query<ErasureView | null> {
  constructor(readonly personId: string) {
    super();
  }
}
/** Whom to erase, first come first served. */
export class PendingErasures extends Query<string[]> {}

@Injectable()
@QueryHandler(GetErasure)
export class GetErasureHandler implements IQueryHandler<GetErasure> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  execute({ personId }: GetErasure): Promise<ErasureView | null> {
    return this.reads.row<ErasureRow>('SELECT * FROM read_models.erasures WHERE person_id = $1', [personId]);
  }
}

@Injectable()
@QueryHandler(PendingErasures)
export class PendingErasuresHandler implements IQueryHandler<PendingErasures> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute(): Promise<string[]> {
    const rows = await this.reads.rows<ErasureRow>('SELECT * FROM read_models.erasures WHERE erased_at IS NULL ORDER BY requested_at LIMIT 20');
    return rows.map(({ person_id }) => person_id);
  }
}

export const PRIVACY_QUERY_HANDLERS = [GetErasureHandler, PendingErasuresHandler];
