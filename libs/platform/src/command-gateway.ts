import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { DomainCommand, Receipt } from './command-executor.js';
import { ReadModels } from './read-models.js';

/** Sends a person's command and waits until a read can see what it did. */
@Injectable()
export class CommandGateway {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(ReadModels) private readonly reads: ReadModels,
  ) {}

  async send(command: DomainCommand<unknown>): Promise<Receipt> {
    const receipt = await this.bus.execute(command);
    await this.reads.waitFor(receipt.position);
    return receipt;
  }
}
