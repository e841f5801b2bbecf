import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { uploadJournal, type Acknowledgement } from '../gate/lane-sync/upload-journal.ts';
import { Allow } from '../schema/access.ts';
import { UploadLaneJournalInput, UploadLaneJournalPayload } from '../schema/lane.ts';
import { answer, requireId, type Answer } from './payload.ts';

@Resolver()
export class LaneResolver {
  @Allow('LANE')
  @Mutation(() => UploadLaneJournalPayload, {
    description:
      'Hands over what a lane agent has decided while it was alone. Sent again, an entry has no second effect. For the agent of the lot.',
  })
  uploadLaneJournal(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => UploadLaneJournalInput, { description: 'The entries.' }) input: UploadLaneJournalInput,
  ): Promise<Answer<Acknowledgement>> {
    return answer(async () => {
      const lotId = requireId('lot', input.lotId, 'lotId').id;
      return uploadJournal(platform, { lotId, entries: input.entries }, viewer);
    });
  }
}
