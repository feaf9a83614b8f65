import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's minimum for argon2id, which is the algorithm that the library takes by default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

@Injectable()
export class Passwords {
  private readonly nobody: Promise<string> = hash(randomBytes(32), COST);

  hash(password: string): Promise<string> {
    return hash(normalised(password), COST);
  }

  /** Takes as long for an account that does not exist (`null`) as for one that does. */
  async matches(stored: string | null, password: string): Promise<boolean> {
    const matches = await verify(stored ?? (await this.nobody), normalised(password));
    return matches && stored !== null;
  }
}

/** The same characters typed on another keyboard may arrive as other code points. */
const normalised = (password: string): string => password.normalize('NFKC');
