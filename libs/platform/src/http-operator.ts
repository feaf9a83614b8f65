import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';

export const OPERATOR_ROUTE = 'countersign:operator';

/** Who acts where the operator token was shown: whoever runs this installation, and no account. */
export const OPERATOR = 'operator';

/** Marks routes that take the operator token and nothing else: no access token and no API key of any account. */
export const OperatorOnly = (): ClassDecorator & MethodDecorator => applyDecorators(SetMetadata(OPERATOR_ROUTE, true), ApiBearerAuth('operator'));
