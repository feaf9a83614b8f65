import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CONFIG, DATABASE, DatabaseDataKeys, DomainError, ensure, newDataKey, newId, type Config } from '#platform';
import { AttemptLimiter } from './attempt-limiter.js';
import { ACCESS_TOKEN } from './jwt.strategy.js';
import { Passwords } from './passwords.js';
import { RefreshTokens } from './refresh-tokens.js';
import { normalised, SealedIdentity } from './sealed-identity.js';
import { Tokens } from './tokens.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export interface Session {
  readonly user_id: string;
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds that the access token is good for. */
  readonly expires_in: number;
}

export interface Account {
  readonly user_id: string;
  readonly email: string;
  readonly name: string | null;
  readonly created_at: Date;
}

/** People and their sessions. */
@Injectable()
export class Accounts {
  private readonly limiter = new AttemptLimiter();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly database: DataSource,
    @Inject(DatabaseDataKeys) private readonly keys: DatabaseDataKeys,
    @Inject(SealedIdentity) private readonly sealed: SealedIdentity,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(RefreshTokens) private readonly refreshTokens: RefreshTokens,
    @Inject(Tokens) private readonly tokens: Tokens,
  ) {}

  /**
   * Makes the account, its data key and its first session in one transaction: either all of them exist or none.
   * @param ip where the request came from
   */
  async register({ email, password, name }: Credentials & { readonly name: string | null }, ip: string): Promise<Session> {
    ensure(this.config.REGISTRATION === 'open', 'registration_closed', 'This server takes no new accounts. Ask its operator for one.');
    return this.limited('register', email, ip, async () => {
      const password_hash = await this.passwords.hash(password);
      const user_id = newId();
      const key = newDataKey();
      const refresh_token = await this.database.transaction(async (manager) => {
        const made = await manager.query<unknown[]>(
          `INSERT INTO identity.users (user_id, email, name, password_hash, email_hash, master) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (email_hash) DO NOTHING RETURNING user_id`,
          [
            user_id,
            this.sealed.seal(key, user_id, 'email', normalised(email)),
            name === null ? null : this.sealed.seal(key, user_id, 'name', name),
            password_hash,
            this.sealed.hashOf(email),
            this.sealed.master,
          ],
        );
        if (made.length === 0) return null;
        await this.keys.create(user_id, key, manager);
        return this.refreshTokens.open(manager, user_id);
      });
      return refresh_token === null
        ? new DomainError('email_taken', 'There is an account with this e-mail address already. Log in instead.')
        : this.session(user_id, refresh_token);
    });
  }

  /** @throws DomainError invalid_credentials, the same for a wrong password as for an unknown address, after the same time */
  login({ email, password }: Credentials, ip: string): Promise<Session> {
    return this.limited('login', email, ip, async () => {
      const [user] = await this.database.query<{ user_id: string; password_hash: string }[]>(
        'SELECT user_id, password_hash FROM identity.users WHERE email_hash = $1 AND erasing_at IS NULL',
        [this.sealed.hashOf(email)],
      );
      const matches = await this.passwords.matches(user?.password_hash ?? null, password);
      if (!user || !matches) return new DomainError('invalid_credentials', 'E-mail address or password is wrong.');
      return this.session(user.user_id, await this.refreshTokens.open(this.database.manager, user.user_id));
    });
  }

  /**
   * Makes sure that it is the person: their address, and their password once more.
   * @throws DomainError invalid_input, invalid_credentials, too_many_requests
   */
  async confirm(userId: string, { email, password }: Credentials, ip: string): Promise<void> {
    const [user] = await this.database.query<{ email_hash: string; password_hash: string }[]>(
      'SELECT email_hash, password_hash FROM identity.users WHERE user_id = $1 AND erasing_at IS NULL',
      [userId],
    );
    if (!user) throw new DomainError('unauthenticated', 'This account no longer exists.');
    if (user.email_hash !== this.sealed.hashOf(email))
      throw new DomainError('invalid_input', 'This is not the e-mail address of your account.', [
        { field: 'confirm', message: 'must be the e-mail address of the account' },
      ]);
    const who = `confirm ${userId} ${ip}`;
    this.limiter.check(who);
    const matches = await this.passwords.matches(user.password_hash, password);
    this.limiter.check(who);
    if (!matches) {
      this.limiter.failed(who);
      throw new DomainError('invalid_credentials', 'The password is wrong.');
    }
    this.limiter.succeeded(who);
  }

  async refresh(refreshToken: string): Promise<Session> {
    const { user_id, refresh_token } = await this.refreshTokens.rotate(refreshToken);
    return this.session(user_id, refresh_token);
  }

  /** The session can no longer be prolonged; its access token stays good until it expires. */
  logout(userId: string, refreshToken: string): Promise<void> {
    return this.refreshTokens.revoke(userId, refreshToken);
  }

  async account(userId: string): Promise<Account> {
    const [account] = await this.database.query<Account[]>('SELECT user_id, email, name, created_at FROM identity.users WHERE user_id = $1', [
      userId,
    ]);
    if (!account) throw new DomainError('unauthenticated', 'This account no longer exists.');
    const { email, name } = account;
    return {
      ...account,
      email: await this.sealed.open(userId, 'email', email),
      name: name === null ? null : await this.sealed.open(userId, 'name', name),
    };
  }

  private async session(user_id: string, refresh_token: string): Promise<Session> {
    return { user_id, access_token: await this.tokens.issueAccessToken(user_id), refresh_token, expires_in: ACCESS_TOKEN.seconds };
  }

  /** Asked before, to save the work, and again after: guesses sent all at once learn no more than one after the other. */
  private async limited(action: string, email: string, ip: string, attempt: () => Promise<Session | DomainError>): Promise<Session> {
    const who = `${action} ${normalised(email)} ${ip}`;
    this.limiter.check(who);
    const outcome = await attempt();
    this.limiter.check(who);
    if (outcome instanceof DomainError) {
      this.limiter.failed(who);
      throw outcome;
    }
    this.limiter.succeeded(who);
    return outcome;
  }
}
