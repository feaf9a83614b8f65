import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import passport from 'passport';
import { CONFIG, DomainError, newId, type Config } from '#platform';
import { ApiKeys } from './api-keys.js';
import { ACCESS_TOKEN, accessTokenKey, hasExpectedHeader, JwtStrategy, type Principal } from './jwt.strategy.js';

/** Far above what is issued, far below what would be work to refuse. */
const LONGEST = 2_000;

/** Bearer tokens, the same way for HTTP requests and for socket handshakes. */
@Injectable()
export class Tokens {
  private readonly passport = new passport.Passport();
  private readonly kid: string;

  constructor(
    @Inject(JwtService) private readonly jwt: JwtService,
    @Inject(JwtStrategy) private readonly strategy: JwtStrategy,
    @Inject(ApiKeys) private readonly apiKeys: ApiKeys,
    @Inject(CONFIG) config: Config,
  ) {
    this.kid = accessTokenKey(config).kid;
  }

  /** A JWT that is good for `ACCESS_TOKEN.seconds`. */
  issueAccessToken(userId: string): Promise<string> {
    const { algorithm, typ, issuer, audience, seconds } = ACCESS_TOKEN;
    return this.jwt.signAsync(
      {},
      { algorithm, issuer, audience, subject: userId, jwtid: newId(), expiresIn: seconds, header: { alg: algorithm, typ, kid: this.kid } },
    );
  }

  /**
   * Whom a bearer token speaks for: an access token, or an API key (then `expires_at` is null).
   * @throws DomainError unauthenticated
   */
  async verifyAccessToken(token: string): Promise<Principal> {
    const principal = await this.principalOf(token);
    if (!principal) throw new DomainError('unauthenticated', 'Send a valid bearer token: an access token that has not expired, or an API key.');
    return principal;
  }

  /**
   * Whom a token was given to, also where their account is closed or gone.
   * @throws DomainError unauthenticated
   */
  async verifyHolder(token: string): Promise<string> {
    if (ApiKeys.looksLike(token) || token.length > LONGEST || !hasExpectedHeader(token, this.kid))
      return (await this.verifyAccessToken(token)).user_id;
    const { algorithm, issuer, audience, seconds } = ACCESS_TOKEN;
    try {
      const { sub } = await this.jwt.verifyAsync<{ sub: string }>(token, { algorithms: [algorithm], issuer, audience, maxAge: seconds });
      return sub;
    } catch {
      return (await this.verifyAccessToken(token)).user_id;
    }
  }

  private async principalOf(token: string): Promise<Principal | null> {
    if (token.length > LONGEST) return null;
    if (!ApiKeys.looksLike(token)) return this.viaPassport(token);
    const user_id = await this.apiKeys.ownerOf(token);
    return user_id === null ? null : { user_id, expires_at: null };
  }

  private viaPassport(token: string): Promise<Principal | null> {
    return new Promise((resolve, reject) => {
      const decided = (error: Error | null, principal: Principal | false | null): void => (error ? reject(error) : resolve(principal || null));
      // Passport hangs its callbacks onto the strategy it is given: each request needs one of its own.
      const strategy = Object.create(this.strategy) as JwtStrategy;
      const handle = this.passport.authenticate(strategy, { session: false }, decided) as (...parts: unknown[]) => void;
      handle({ headers: { authorization: `Bearer ${token}` } }, {}, reject);
    });
  }
}
