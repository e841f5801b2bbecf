import { Field, Int, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';

@Allow('PUBLIC')
@ObjectType('PassMoment', {
  description:
    'How a phone makes the code of the moment, so that a picture of a pass opens nothing: RFC 6238, without a network. The QR shows the pass, a dot and the code, and is drawn anew with each step.',
})
export class PassMomentType {
  @Field(() => String, { description: 'The secret in base32. Keep it on the phone.' })
  secret!: string;

  @Field(() => String, { description: 'The hash of its HMAC: `SHA256`.' })
  algorithm!: string;

  @Field(() => Int, { description: 'How many digits a code has.' })
  digits!: number;

  @Field(() => Int, { description: 'For how many seconds one is shown, counted from 1970.' })
  stepSeconds!: number;
}
