import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { DataSource } from 'typeorm';
import { CONFIG, DATABASE, deriveKey, sha256, UUID, type Config } from '#platform';

export const ACCESS_TOKEN = { algorithm: 'HS256', typ: 'at+jwt', issuer: 'countersign', audience: 'countersign-api', seconds: 900 } as const;

/** The one key that signs access tokens, and the name under which a token's header refers to it. */
export function accessTokenKey(config: Pick<Config, 'JWT_SECRET'>): { kid: string; key: Buffer } {
  const key = deriveKey(config.JWT_SECRET, 'access-token');
  return { kid: sha256(key).slice(0, 8), key };
}

/** Who a token speaks for, and until when (`null`: until it is deleted). */
export interface Principal {
  readonly user_id: string;
  readonly expires_at: Date | null;
}

/** Passport's JWT strategy for access tokens (RFC 9068), with everything pinned that the token could otherwise choose. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) private readonly database: DataSource,
  ) {
    const { kid, key } = accessTokenKey(config);
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: Error | null, key?: Buffer) => void) =>
        hasExpectedHeader(token, kid) ? done(null, key) : done(new Error('not an access token')),
      algorithms: [ACCESS_TOKEN.algorithm],
      issuer: ACCESS_TOKEN.issuer,
      audience: ACCESS_TOKEN.audience,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way to pin maxAge
      jsonWebTokenOptions: { maxAge: ACCESS_TOKEN.seconds },
    });
  }

  /** What a verified token says, or null where it lacks a claim or its user is gone. */
  async validate(payload: unknown): Promise<Principal | null> {
    const { sub, jti, exp } = payload as Record<string, unknown>;
    if (typeof sub !== 'string' || !UUID.test(sub) || typeof jti !== 'string' || typeof exp !== 'number') return null;
    const known = await this.database.query<unknown[]>('SELECT FROM identity.users WHERE user_id = $1 AND erasing_at IS NULL', [sub]);
    return known.length === 1 ? { user_id: sub, expires_at: new Date(exp * 1_000) } : null;
  }

  /** A registry of its own: the global one would hand this application the strategy of the last one made in the process. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Passport();
  }
}

/** Exactly the three header parameters we write: anything more (`crit`, `jku`, `jwk`, `x5u`) wants something of the verifier. */
export function hasExpectedHeader(token: string, kid: string): boolean {
  try {
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
    return (
      Object.keys(header).length === 3 && header['alg'] === ACCESS_TOKEN.algorithm && header['typ'] === ACCESS_TOKEN.typ && header['kid'] === kid
    );
  } catch {
    return false;
  }
}
