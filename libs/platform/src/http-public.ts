import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const PUBLIC_ROUTE = 'countersign:public';

/** Marks a route that needs no bearer token; every other one does. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC_ROUTE, true);
