import { Body, Controller, Get, HttpCode, Inject, Ip, Post, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { AccountErasure, Accounts } from '#identity';
import { AlsoErased, Caller, CommandGateway, CurrentCaller, Doorbell, DomainError } from '#platform';
import { PersonExport } from './person-export.js';
import { RequestErasure } from './privacy.commands.js';
import { EraseDto, ErasureReply } from './privacy.dto.js';
import { GetErasure, type ErasureView } from './privacy.queries.js';

/** How long the answer waits for the erasure to be done. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 200;

/** A person's rights over what is theirs: to take it along, and to have it erased. */
@ApiTags('me')
@ApiBearerAuth()
@Controller('me')
export class PrivacyController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly commands: CommandGateway,
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(AccountErasure) private readonly erasure: AccountErasure,
    @Inject(PersonExport) private readonly archive: PersonExport,
    @Inject(Doorbell) private readonly doorbell: Doorbell,
  ) {}

  @Get('export')
  @ApiOperation({ summary: 'Everything of the caller, as a ZIP; its README.txt says what is where' })
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  export(@CurrentCaller() caller: Caller): StreamableFile {
    return new StreamableFile(this.archive.of(caller.user_id), {
      type: 'application/zip',
      disposition: 'attachment; filename="countersign-export.zip"',
    });
  }

  @AlsoErased()
  @Post('erase')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Erase the caller’s account and all that they wrote, for good',
    description:
      'Stops what works for them, ends every session and API key, and deletes their key, so that nothing of theirs can be read. It goes on by itself, whatever happens to the servers. Repeated with the same access token it answers how far it has come.',
  })
  @ApiAcceptedResponse({ type: ErasureReply })
  async erase(@CurrentCaller() caller: Caller, @Body() { confirm, password }: EraseDto, @Ip() ip: string): Promise<ErasureReply> {
    const { user_id } = caller;
    if (!(await this.queries.execute(new GetErasure(user_id)))) {
      await this.accounts.confirm(user_id, { email: confirm, password }, ip);
      // No hash of this body stays: it holds a password.
      await this.commands.send(new RequestErasure({ person_id: user_id }, { ...caller.meta(), request_hash: null }));
    }
    await this.erasure.close(user_id);
    return reply(await this.outcome(user_id));
  }

  /** The erasure when it is done, or as it stands when that takes longer. */
  private async outcome(person: string): Promise<ErasureView> {
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      const rung = this.doorbell.next('countersign_read_models', LOOK_MS);
      const found = await this.queries.execute(new GetErasure(person));
      if (found && (found.erased_at !== null || Date.now() > deadline)) return found;
      if (Date.now() > deadline)
        throw new DomainError('unavailable', 'The erasure is on record and will be carried out. Ask again to see how far it is.');
      await rung;
    }
  }
}

const reply = ({ person_id, requested_at, erased_at }: ErasureView): ErasureReply => ({
  user_id: person_id,
  status: erased_at === null ? 'erasing' : 'erased',
  requested_at,
  erased_at,
});
