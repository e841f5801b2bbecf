import { defineEntity, p } from '@mikro-orm/postgresql';

/** The sum of an account of a lot's books, as far as the monitor has read them (`BooksCheck.checkedThrough`). */
const schema = defineEntity({
  name: 'AccountBalance',
  tableName: 'account_balance',
  properties: {
    lotId: p.uuid().primary(),
    account: p.text().primary(),
    currency: p.text().primary(),
    amountMinor: p.bigint('number'),
  },
});

export class AccountBalance extends schema.class {}
schema.setClass(AccountBalance);
