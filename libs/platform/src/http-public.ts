import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const PUBLIC_ROUTE = 'countersign:public';

/** Marks a route that needs no bearer token; every other one does. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC_ROUTE, true);

export const ERASED_ROUTE = 'countersign:erased';

/** Marks a route that also takes the access token of a person who is being erased, or was: they may ask whether it is done. */
export const AlsoErased = (): CustomDecorator => SetMetadata(ERASED_ROUTE, true);
